import { ContractError } from './contract-error.js';
import { percentDecode } from './percent-decoding.js';

/** One step of a path: a fixed text (decoded), `*` (one segment) or `**` (the rest, possibly nothing). */
export type Segment = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'one' | 'rest' };

/** A field that takes its value from the segments `from` to `to` (exclusive; the end of the path for a `**`). */
export interface Variable {
  /** As the template spells it: `post.id`. */
  readonly field: string;
  readonly from: number;
  readonly to: number | undefined;
  /** A variable of exactly one segment is decoded wholly; any other keeps an encoded slash encoded. */
  readonly single: boolean;
}

export interface PathTemplate {
  /** As the contract spells it: `/v1/{name=shelves/*}:archive`. */
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly variables: readonly Variable[];
  /** What follows the colon, decoded; empty when there is none. */
  readonly verb: string;
}

const FIELD_PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const LITERAL = /^[^*{}/:?#]+$/;

/**
 * Reads a path template by the grammar in `google/api/http.proto`. Throws ContractError with the reason. Beyond the grammar
 * `/` alone is a template, which matches the root.
 *
 *     Template = "/" Segments [ ":" LITERAL ]     Variable = "{" FieldPath [ "=" Segments ] "}"
 *     Segments = Segment { "/" Segment }          Segment  = "*" | "**" | LITERAL | Variable
 *
 * The grammar leaves open what a LITERAL is. Here it may hold what a segment of a path may, percent-encoded or as it is, but
 * for the characters that mean something in a template or a URL.
 */
export function parsePathTemplate(text: string): PathTemplate {
  const fail = (reason: string): never => {
    throw new ContractError(`Path template "${text}": ${reason}`);
  };
  if (!text.startsWith('/')) fail('it must start with "/"');
  if (text === '/') return { text, segments: [], variables: [], verb: '' };
  const { path, verb: encoded } = splitVerb(text);
  const verb = encoded === undefined ? '' : (literal(encoded) ?? fail('the verb after ":" must be plain text'));

  const segments: Segment[] = [];
  const variables: Variable[] = [];
  const addSegments = (part: string): void => {
    for (const piece of part.split('/')) {
      if (segments.at(-1)?.kind === 'rest') fail('"**" must be the last segment');
      segments.push(segmentOf(piece) ?? fail(`"${piece}" is no segment`));
    }
  };
  for (const piece of splitOutsideBraces(path.slice(1))) {
    if (!piece.startsWith('{')) {
      addSegments(piece);
      continue;
    }
    if (!piece.endsWith('}')) fail(`"${piece}" must be a whole segment`);
    const equals = piece.indexOf('=');
    const field = piece.slice(1, equals < 0 ? -1 : equals);
    if (!FIELD_PATH.test(field)) fail(`"${field}" is no field path`);
    if (variables.some((variable) => variable.field === field)) fail(`"${field}" stands in it twice`);
    const from = segments.length;
    addSegments(equals < 0 ? '*' : piece.slice(equals + 1, -1));
    const to = segments.at(-1)?.kind === 'rest' ? undefined : segments.length;
    variables.push({ field, from, to, single: to === from + 1 });
  }
  return { text, segments, variables, verb };
}

/** The same for templates that match the same paths, whatever their variables are called. */
export function shapeOf({ segments, verb }: PathTemplate): string {
  const steps = segments.map((segment) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'one' ? '*' : '**',
  );
  return `/${steps.join('/')}${verb && `:${verb}`}`;
}

function segmentOf(piece: string): Segment | undefined {
  if (piece === '*') return { kind: 'one' };
  if (piece === '**') return { kind: 'rest' };
  const text = literal(piece);
  return text === undefined ? undefined : { kind: 'literal', text };
}

/** Decoded, as paths are compared. It may hold none of the special characters in either form, so that shapes are clear. */
function literal(encoded: string): string | undefined {
  const text = percentDecode(encoded);
  return text !== undefined && LITERAL.test(text) ? text : undefined;
}

function splitVerb(text: string): { path: string; verb: string | undefined } {
  const colon = text.indexOf(':', text.lastIndexOf('}') + 1);
  return colon < 0 ? { path: text, verb: undefined } : { path: text.slice(0, colon), verb: text.slice(colon + 1) };
}

/** A variable's own slashes do not part the template. */
function splitOutsideBraces(path: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let inside = false;
  for (let at = 0; at <= path.length; at += 1) {
    const char = path[at];
    if (char === '{') inside = true;
    else if (char === '}') inside = false;
    else if (char === undefined || (char === '/' && !inside)) {
      pieces.push(path.slice(from, at));
      from = at + 1;
    }
  }
  return pieces;
}
