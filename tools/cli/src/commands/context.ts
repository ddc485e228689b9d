import type { Command } from 'commander';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Target, TargetOptions } from '../target.js';
import type { Terminal } from '../terminal.js';

/** Options that every command has. */
export interface Options extends TargetOptions {
  readonly json?: true;
}

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  /** Where the platform is that the options name. */
  readonly find: (options: TargetOptions) => Target;
}

/** Adds its command to the program. */
export type AddCommand = (program: Command, context: Context) => void;

/** The answer as it came for programs, and as a table for people. */
export function show(
  { terminal }: Context,
  { json }: Options,
  answer: { readonly json: JsonValue },
  table: () => string,
): void {
  terminal.print(json ? JSON.stringify(answer.json, null, 2) : table());
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];
