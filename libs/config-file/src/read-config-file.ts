import { readFileSync } from 'node:fs';
import { type Document, LineCounter, isNode, parseDocument } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a configuration file: one line for each fault, with its place and how to mend it. */
export class FileProblem extends Error {}

/** Reads a YAML or JSON file. Throws FileProblem, whose message an operator can act on. */
export function readConfigFile<T>(schema: z.ZodType<T>, file: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new FileProblem(`${file} cannot be read: name a file that this process may read, or none`, { cause });
  }
  return parseConfigFile(schema, text, file);
}

/** The same for text that is in memory already; `name` is how problems call it. An empty file is an empty object. */
export function parseConfigFile<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new FileProblem(`${name}:${line}:${col} is no YAML: ${broken.message}`);
  }
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${name}${placeOf(document, lines, path)} ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new FileProblem(faults.join('\n'));
}

/** `:12` for the line of what is wrong, or of the nearest thing around it. */
function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return `:${lines.linePos(node.range[0]).line}`;
  }
  return '';
}
