import { Candidates } from './candidates.js';
import type { PathTemplate } from './path-template.js';
import { percentDecode } from './percent-decoding.js';
import type { RequestOf, Routable } from './routable.js';

/** Path templates as a tree of their segments. */
export interface Node<R extends Routable> {
  readonly literals: Map<string, Node<R>>;
  /** The only literal child, if so: it is compared in place, where a look-up in the map needs a copy of the segment. */
  sole: { readonly text: string; readonly node: Node<R> } | undefined;
  /** Length of the longest literal; 0 when there is none. */
  longest: number;
  one: Node<R> | undefined;
  ends: Candidates<R> | undefined;
  /** What has a `**` from here on. */
  rest: Candidates<R> | undefined;
}

export const emptyNode = <R extends Routable>(): Node<R> => ({
  literals: new Map(),
  sole: undefined,
  longest: 0,
  one: undefined,
  ends: undefined,
  rest: undefined,
});

/** Where the template ends in the tree. */
export function candidatesOf<R extends Routable>(root: Node<R>, { segments }: PathTemplate): Candidates<R> {
  let node = root;
  for (const segment of segments) {
    if (segment.kind === 'rest') return (node.rest ??= new Candidates());
    node = segment.kind === 'literal' ? literalChild(node, segment.text) : (node.one ??= emptyNode());
  }
  return (node.ends ??= new Candidates());
}

function literalChild<R extends Routable>(parent: Node<R>, text: string): Node<R> {
  const known = parent.literals.get(text);
  if (known) return known;
  const node = emptyNode<R>();
  parent.literals.set(text, node);
  parent.sole = parent.literals.size === 1 ? { text, node } : undefined;
  parent.longest = Math.max(parent.longest, text.length);
  return node;
}

export interface Lookup<R extends Routable> {
  readonly path: string;
  /** Where the segments end: at the verb's colon or at the end of the path. */
  readonly end: number;
  /** Whether anything in the path is percent-encoded. */
  readonly encoded: boolean;
  readonly httpMethod: string;
  readonly request: RequestOf<R> | undefined;
}

/** `at` is where the node's segment begins; beyond the end when there is none. */
export function find<R extends Routable>(node: Node<R>, at: number, lookup: Lookup<R>): R | undefined {
  const { path, end, httpMethod, request } = lookup;
  if (at > end) return node.ends?.choose(httpMethod, request) ?? node.rest?.choose(httpMethod, request);
  const slash = path.indexOf('/', at);
  const next = slash < 0 ? end : slash;
  const literal = literalAt(node, at, next, lookup);
  return (
    (literal && find(literal, next + 1, lookup)) ??
    (node.one && next > at ? find(node.one, next + 1, lookup) : undefined) ??
    node.rest?.choose(httpMethod, request)
  );
}

/** A UTF-16 unit is at most three bytes of UTF-8, each three characters when percent-encoded. */
const ENCODED_LENGTH = 9;

/** The literal child that the segment equals once it is decoded. A segment longer than any literal is not even read. */
function literalAt<R extends Routable>(
  { sole, literals, longest }: Node<R>,
  at: number,
  next: number,
  { path, encoded }: Lookup<R>,
): Node<R> | undefined {
  const length = next - at;
  if (encoded) {
    const text = length > longest * ENCODED_LENGTH ? undefined : percentDecode(path.slice(at, next));
    return text === undefined ? undefined : literals.get(text);
  }
  if (sole) return length === sole.text.length && path.startsWith(sole.text, at) ? sole.node : undefined;
  return length > longest ? undefined : literals.get(path.slice(at, next));
}
