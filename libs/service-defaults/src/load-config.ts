import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The values of an environment, such as `process.env`. */
export type Source = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with an environment, one line for each variable. */
export class ConfigProblems extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/**
 * The typed, frozen configuration. When a variable is missing or bad, all problems go to stderr, one per line, and the
 * process ends with exit code 1: call it before anything listens. No value is ever printed: it may be a secret.
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  source: Source,
): Readonly<z.output<z.ZodObject<Shape>>> {
  try {
    return parseConfig(schema, source);
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/**
 * The same for callers that live on: throws ConfigProblems. `NAME_FILE` names a file that holds the value of `NAME`, so that
 * a secret need not be in the environment.
 */
export function parseConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  source: Source,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const wrong = new Map<string, string>();
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    // Compose files and shells pass on variables that nobody has set as empty ones.
    const value = source[name] || fromFile(name, source, wrong);
    if (value) given[name] = value;
  }
  const result = schema.safeParse(given);
  if (result.success && wrong.size === 0) return Object.freeze(result.data);
  for (const { path, message } of result.error?.issues ?? []) {
    const name = String(path[0] ?? '');
    if (!wrong.has(name)) wrong.set(name, name in given ? `is not valid (${message})` : 'is missing');
  }
  throw new ConfigProblems([...wrong].map(([name, what]) => `${name} ${what}: ${remedy(schema, name)}`));
}

function fromFile(name: string, source: Source, wrong: Map<string, string>): string | undefined {
  const path = source[`${name}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    wrong.set(name, `cannot be read from the file that ${name}_FILE names`);
    return undefined;
  }
}

function remedy(schema: z.ZodObject, name: string): string {
  const type = schema.shape[name];
  return `set it to ${(type && descriptionOf(type)) ?? 'a good value'}`;
}

/** zod does not hand a description on to the type that `default` or `optional` makes. */
function descriptionOf(type: z.core.$ZodType): string | undefined {
  const description = z.globalRegistry.get(type)?.description;
  if (description !== undefined) return description;
  return type instanceof z.ZodDefault || type instanceof z.ZodOptional ? descriptionOf(type.unwrap()) : undefined;
}
