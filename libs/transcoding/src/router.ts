import { capture } from './capture.js';
import { percentDecode } from './percent-decoding.js';
import type { RequestOf, Routable } from './routable.js';
import { type Node, candidatesOf, emptyNode, find } from './route-trie.js';

export type Match<R> =
  /** `captures` are the values of the template's variables in their order, still percent-encoded. */
  | { readonly kind: 'found'; readonly route: R; readonly captures: readonly string[] }
  /** The request would find a route with other methods only. `allowed` is sorted. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

export interface Router<R extends Routable> {
  /**
   * `path` is the raw path of the request target, without its query. HEAD finds what GET would find. A route with a
   * condition is found only by a `request` that it accepts.
   */
  match(httpMethod: string, path: string, request?: RequestOf<R>): Match<R>;
}

/**
 * Prepares the routes as trees, one for each verb. The most specific template wins: at each segment a literal before `*`
 * before `**`, and a verb before the same text as part of a segment. Of one template and method the routes with a condition
 * come first, in the order given; when none of a template accepts the request, the next less specific one is asked. Throws
 * ContractError when two routes without a condition answer the same requests.
 *
 * A look-up visits a node of a tree at most once, for a node's depth is its position, and reads no more segments than the
 * longest template has: however many segments, colons and encoded characters a path holds, the work is bounded by the
 * table and by one reading of the path.
 */
export function createRouter<R extends Routable>(routes: readonly R[]): Router<R> {
  const plain = emptyNode<R>();
  const byVerb = new Map<string, Node<R>>();
  for (const route of routes) {
    const { verb } = route.template;
    const root = verb === '' ? plain : (byVerb.get(verb) ?? emptyNode<R>());
    if (verb !== '') byVerb.set(verb, root);
    candidatesOf(root, route.template).add(route);
  }
  const methods = new Set(routes.map(({ httpMethod }) => httpMethod));
  if (methods.has('GET')) methods.add('HEAD');
  methods.delete('*');

  const search = (httpMethod: string, path: string, request: RequestOf<R> | undefined): R | undefined => {
    const encoded = path.includes('%');
    const colon = byVerb.size > 0 ? verbColon(path) : -1;
    const verb = colon < 0 ? undefined : percentDecode(path.slice(colon + 1));
    const root = verb === undefined ? undefined : byVerb.get(verb);
    const found = root && find(root, startOf(colon), { path, end: colon, encoded, httpMethod, request });
    return found ?? find(plain, startOf(path.length), { path, end: path.length, encoded, httpMethod, request });
  };
  return {
    match(httpMethod, path, request) {
      if (!path.startsWith('/')) return { kind: 'none' };
      const route = search(httpMethod, path, request);
      if (route) return { kind: 'found', route, captures: capture(route.template, path) };
      const allowed = [...methods].filter((method) => search(method, path, request));
      return allowed.length > 0 ? { kind: 'method', allowed: allowed.sort() } : { kind: 'none' };
    },
  };
}

/** Where the colon of a verb would be: the last one, when it stands in the last segment. */
function verbColon(path: string): number {
  const colon = path.lastIndexOf(':');
  return colon > 0 && path.indexOf('/', colon) < 0 ? colon : -1;
}

/** Where the first segment begins. The root has none. */
const startOf = (end: number): number => (end > 1 ? 1 : 2);
