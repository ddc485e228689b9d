import { ContractError } from './contract-error.js';
import { type PathTemplate, shapeOf } from './path-template.js';
import { percentDecode } from './percent-decoding.js';

/** `Q` is what a condition looks at. */
export interface Routable<Q = never> {
  /** In capitals; `*` stands for any method. */
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** Condition beyond method and path: a request that it does not accept is for another route. */
  readonly accepts?: (request: Q) => boolean;
}

/** What the conditions of such routes look at; never when they have none. */
export type RequestOf<R extends Routable> = R extends Routable<infer Q> ? Q : never;

export type Match<R> =
  /** `captures` are the values of the template's variables in their order, still percent-encoded. */
  | { readonly kind: 'found'; readonly route: R; readonly captures: readonly string[] }
  /** The path exists for this request, but not with this method. `allowed` is sorted. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

export interface Router<R extends Routable> {
  /**
   * `path` is the raw path of the request target, without its query. HEAD finds what GET would find. A route with a
   * condition is found only by a `request` that it accepts.
   */
  match(httpMethod: string, path: string, request?: RequestOf<R>): Match<R>;
}

/** By method, the routes of one template in the order in which they are asked: the one without a condition is last. */
type Methods<R> = Map<string, R[]>;

/** What may follow at one depth. `ends` and `rest` (a `**` from here on) are keyed by verb. */
interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  one?: Node<R>;
  readonly ends: Map<string, Methods<R>>;
  readonly rest: Map<string, Methods<R>>;
}

/**
 * Prepares a trie of all routes. The most specific template wins: at each segment a literal before `*` before `**`, and a
 * verb before the same text as part of a segment. Of one template and method the routes with a condition come first, in the
 * order given; when none of a template accepts the request, the next less specific one is asked. Throws ContractError when
 * two routes without a condition answer the same requests.
 */
export function createRouter<R extends Routable>(routes: readonly R[]): Router<R> {
  const root = emptyNode<R>();
  const verbs = new Set<string>();
  for (const route of routes) {
    if (route.template.verb) verbs.add(route.template.verb);
    addCandidate(
      entry(methodsAt(root, route.template), route.httpMethod, () => []),
      route,
    );
  }
  return {
    match(httpMethod, path, request) {
      const segments = path.slice(1).split('/');
      const wanted: Wanted<R> = { httpMethod, request, allowed: undefined };
      const route = search(root, segments, verbs, wanted);
      if (route) return { kind: 'found', route, captures: capture(route.template, segments) };
      const allowed = new Set<string>();
      search(root, segments, verbs, { ...wanted, allowed });
      return allowed.size > 0 ? { kind: 'method', allowed: [...allowed].sort() } : { kind: 'none' };
    },
  };
}

interface Wanted<R extends Routable> {
  readonly httpMethod: string;
  readonly request: RequestOf<R> | undefined;
  /** When given, no route is looked for, but all methods with which the request would find one. */
  readonly allowed: Set<string> | undefined;
}

function search<R extends Routable>(
  root: Node<R>,
  segments: readonly string[],
  verbs: ReadonlySet<string>,
  wanted: Wanted<R>,
): R | undefined {
  const last = segments.at(-1) ?? '';
  const colon = last.lastIndexOf(':');
  const verb = decodeOrKeep(last.slice(colon + 1));
  const withVerb =
    colon >= 0 && verbs.has(verb)
      ? find(root, [...segments.slice(0, -1), last.slice(0, colon)], 0, verb, wanted)
      : undefined;
  return withVerb ?? find(root, segments, 0, '', wanted);
}

/** Visits a node at most once, for its depth is its position: the work is bounded by the table's size. */
function find<R extends Routable>(
  node: Node<R>,
  segments: readonly string[],
  at: number,
  verb: string,
  wanted: Wanted<R>,
): R | undefined {
  const segment = segments[at];
  if (segment === undefined) return choose(node.ends.get(verb), wanted) ?? choose(node.rest.get(verb), wanted);
  const literal = node.literals.get(decodeOrKeep(segment));
  return (
    (literal && find(literal, segments, at + 1, verb, wanted)) ??
    (node.one && segment !== '' ? find(node.one, segments, at + 1, verb, wanted) : undefined) ??
    choose(node.rest.get(verb), wanted)
  );
}

function choose<R extends Routable>(
  methods: Methods<R> | undefined,
  { httpMethod, request, allowed }: Wanted<R>,
): R | undefined {
  if (!methods) return undefined;
  if (!allowed) {
    return (
      firstOf(methods.get(httpMethod), request) ??
      (httpMethod === 'HEAD' ? firstOf(methods.get('GET'), request) : undefined) ??
      firstOf(methods.get('*'), request)
    );
  }
  for (const [method, candidates] of methods) {
    if (!firstOf(candidates, request)) continue;
    allowed.add(method);
    if (method === 'GET') allowed.add('HEAD');
  }
  return undefined;
}

const firstOf = <R extends Routable>(
  candidates: readonly R[] | undefined,
  request: RequestOf<R> | undefined,
): R | undefined =>
  candidates?.find((route) => !route.accepts || (request !== undefined && route.accepts(request as never)));

function capture({ variables, verb }: PathTemplate, segments: readonly string[]): string[] {
  return variables.map(({ from, to }) => {
    const text = segments.slice(from, to).join('/');
    const reachesEnd = to === undefined || to === segments.length;
    return verb !== '' && reachesEnd ? text.slice(0, text.lastIndexOf(':')) : text;
  });
}

function addCandidate<R extends Routable>(candidates: R[], route: R): void {
  const last = candidates.at(-1);
  const plain = last && !last.accepts ? last : undefined;
  if (plain && !route.accepts) throw conflict(route, plain);
  candidates.splice(plain ? candidates.length - 1 : candidates.length, 0, route);
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
