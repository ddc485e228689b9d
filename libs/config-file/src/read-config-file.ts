import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { inWords, reasonsOf } from './reasons.js';
import { lineOf } from './line-of.js';

/** One mistake in a file. */
export interface Fault {
  /** Undefined when it is not at one place of the file. */
  readonly line?: number | undefined;
  /** Only of what is no YAML. */
  readonly column?: number;
  /** Keys and positions down to it: `routes.0.path`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and how to mend it. */
  readonly reason: string;
}

/** What is wrong with a configuration file: one line for each fault, with its place and how to mend it. */
export class FileProblem extends Error {
  readonly faults: readonly Fault[];

  constructor(name: string, faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map((fault) => inOneLine(name, fault)).join('\n'), options);
    this.faults = faults;
  }
}

function inOneLine(name: string, { line, column, path, reason }: Fault): string {
  const place = [name, line, column].filter((part) => part !== undefined).join(':');
  return path === '' ? `${place} ${reason}` : `${place} ${path}: ${reason}`;
}

/** Of a file that cannot be parsed every error may be the consequence of the first few. */
const MOST_SYNTAX_ERRORS = 5;

/** Reads a YAML or JSON file. Throws FileProblem, whose message an operator can act on. */
export function readConfigFile<T>(schema: z.ZodType<T>, file: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = 'cannot be read: name a file that this process may read, or none';
    throw new FileProblem(file, [{ path: '', reason }], { cause });
  }
  return parseConfigFile(schema, text, file);
}

/** The same for text that is in memory already; `name` is how problems call it. An empty file is an empty object. */
export function parseConfigFile<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    const faults = document.errors.slice(0, MOST_SYNTAX_ERRORS).map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { line, column: col, path: '', reason: `is no YAML: ${message}` };
    });
    throw new FileProblem(name, faults);
  }
  const result = schema.safeParse(valueOf(document, name), { error: inWords });
  if (result.success) return result.data;
  const faults = reasonsOf(result.error.issues).map(({ path, reason, see }) => {
    const other = see && lineOf(document, lines, see);
    const seen = other === undefined ? '' : ` (see line ${other})`;
    return { line: lineOf(document, lines, path), path: path.join('.'), reason: reason + seen };
  });
  throw new FileProblem(name, faults);
}

/** The plain value. Throws FileProblem for aliases that would unfold without end. */
function valueOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    const reason = `has aliases that cannot be resolved: ${cause instanceof Error ? cause.message : 'unknown error'}`;
    throw new FileProblem(name, [{ path: '', reason }], { cause });
  }
}
