import { readFileSync } from 'node:fs';
import { type Document, LineCounter, isNode, parseDocument } from 'yaml';
import { type CallPolicies, callPolicies } from './call-policies.js';

/** What is wrong with a file of call policies: one line for each fault, with its place and how to mend it. */
export class PolicyProblem extends Error {}

/** Reads a YAML or JSON file. Throws PolicyProblem, whose message an operator can act on. */
export function readCallPolicies(file: string): CallPolicies {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PolicyProblem(`${file} cannot be read: name a file that this process may read, or none`, { cause });
  }
  return parseCallPolicies(text, file);
}

/** The same for text that is in memory already; `name` is how problems call it. */
export function parseCallPolicies(text: string, name: string): CallPolicies {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new PolicyProblem(`${name}:${line}:${col} is no YAML: ${broken.message}`);
  }
  const result = callPolicies.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${name}${placeOf(document, lines, path)} ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new PolicyProblem(faults.join('\n'));
}

/** `:12` for the line of what is wrong, or of the nearest thing around it. */
function placeOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return `:${lines.linePos(node.range[0]).line}`;
  }
  return '';
}
