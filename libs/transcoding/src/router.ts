import { ContractError } from './contract-error.js';
import { type PathTemplate, shapeOf } from './path-template.js';
import { percentDecode } from './percent-decoding.js';

export interface Routable {
  /** In capitals; `*` stands for any method. */
  readonly httpMethod: string;
  readonly template: PathTemplate;
}

export type Match<R> =
  /** `captures` are the values of the template's variables in their order, still percent-encoded. */
  | { readonly kind: 'found'; readonly route: R; readonly captures: readonly string[] }
  /** The path exists, but not for this method. `allowed` is sorted. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

export interface Router<R> {
  /** `path` is the raw path of the request target, without its query. HEAD finds what GET would find. */
  match(httpMethod: string, path: string): Match<R>;
}

type Methods<R> = Map<string, R>;

/** What may follow at one depth. `ends` and `rest` (a `**` from here on) are keyed by verb. */
interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  one?: Node<R>;
  readonly ends: Map<string, Methods<R>>;
  readonly rest: Map<string, Methods<R>>;
}

/**
 * Prepares a trie of all routes. The most specific template wins: at each segment a literal before `*` before `**`, and a
 * verb before the same text as part of a segment. Throws ContractError when two routes answer the same requests.
 */
export function createRouter<R extends Routable>(routes: readonly R[]): Router<R> {
  const root = emptyNode<R>();
  const verbs = new Set<string>();
  for (const route of routes) {
    if (route.template.verb) verbs.add(route.template.verb);
    const methods = methodsAt(root, route.template);
    const other = methods.get(route.httpMethod);
    if (other) throw conflict(route, other);
    methods.set(route.httpMethod, route);
  }
  return {
    match(httpMethod, path) {
      const allowed = new Set<string>();
      const segments = path.slice(1).split('/');
      const last = segments.at(-1) ?? '';
      const colon = last.lastIndexOf(':');
      const verb = decodeOrKeep(last.slice(colon + 1));
      const route =
        (colon >= 0 && verbs.has(verb)
          ? find(root, [...segments.slice(0, -1), last.slice(0, colon)], 0, { verb, httpMethod, allowed })
          : undefined) ?? find(root, segments, 0, { verb: '', httpMethod, allowed });
      if (route) return { kind: 'found', route, captures: capture(route.template, segments) };
      return allowed.size > 0 ? { kind: 'method', allowed: [...allowed].sort() } : { kind: 'none' };
    },
  };
}

interface Wanted {
  readonly verb: string;
  readonly httpMethod: string;
  /** Collects the methods of the templates that match but for their method. */
  readonly allowed: Set<string>;
}

/** Visits a node at most once, for its depth is its position: the work is bounded by the table's size. */
function find<R>(node: Node<R>, segments: readonly string[], at: number, wanted: Wanted): R | undefined {
  const segment = segments[at];
  if (segment === undefined) return choose(node.ends, wanted) ?? choose(node.rest, wanted);
  const literal = node.literals.get(decodeOrKeep(segment));
  return (
    (literal && find(literal, segments, at + 1, wanted)) ??
    (node.one && segment !== '' ? find(node.one, segments, at + 1, wanted) : undefined) ??
    choose(node.rest, wanted)
  );
}

function choose<R>(byVerb: ReadonlyMap<string, Methods<R>>, { verb, httpMethod, allowed }: Wanted): R | undefined {
  const methods = byVerb.get(verb);
  if (!methods) return undefined;
  const route = methods.get(httpMethod) ?? (httpMethod === 'HEAD' ? methods.get('GET') : undefined) ?? methods.get('*');
  if (!route) {
    for (const method of methods.keys()) allowed.add(method);
    if (methods.has('GET')) allowed.add('HEAD');
  }
  return route;
}

function capture({ variables, verb }: PathTemplate, segments: readonly string[]): string[] {
  return variables.map(({ from, to }) => {
    const text = segments.slice(from, to).join('/');
    const reachesEnd = to === undefined || to === segments.length;
    return verb !== '' && reachesEnd ? text.slice(0, text.lastIndexOf(':')) : text;
  });
}

function methodsAt<R>(root: Node<R>, template: PathTemplate): Methods<R> {
  let node = root;
  for (const segment of template.segments) {
    if (segment.kind === 'rest') return entry(node.rest, template.verb, () => new Map());
    node = segment.kind === 'literal' ? entry(node.literals, segment.text, emptyNode<R>) : (node.one ??= emptyNode());
  }
  return entry(node.ends, template.verb, () => new Map());
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}

function emptyNode<R>(): Node<R> {
  return { literals: new Map(), ends: new Map(), rest: new Map() };
}

const conflict = (a: Routable, b: Routable): ContractError =>
  new ContractError(
    `${a.httpMethod} ${a.template.text} and ${b.template.text} answer the same requests: ${shapeOf(a.template)}`,
  );

/** What is no valid percent-encoding stands for itself here: it equals no literal, and a variable refuses it later. */
const decodeOrKeep = (segment: string): string =>
  segment.includes('%') ? (percentDecode(segment) ?? segment) : segment;
