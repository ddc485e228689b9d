import { type Router, createRouter } from '@trellis/transcoding';
import type { RequestHead, Route } from './route.js';

/** Routes that hold for one host, or for any. */
export interface Layer {
  /** In lower case without a port; `*.example.com` for every host below it; undefined for any. */
  readonly host: string | undefined;
  readonly routes: readonly Route[];
}

/** How a request found its route, or why it found none. */
export type Found =
  | { readonly kind: 'found'; readonly route: Route; readonly captures: readonly string[] }
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/**
 * All routes at one moment. It never changes: a change makes a new table, so a request sees one table from beginning to
 * end. Its layers are asked in turn, and within one the most specific template wins.
 */
export class RouteTable {
  readonly layers: readonly Layer[];
  /** What takes the requests that no route takes. */
  readonly noRoute: Route;
  /** Who is asked in turn, by host; `.example.com` for the hosts below it, an empty one for all others. */
  readonly #byHost: ReadonlyMap<string, readonly Router<Route>[]>;
  readonly #forAny: readonly Router<Route>[];

  /** Throws ContractError when two routes of one layer answer the same requests. */
  constructor(layers: readonly Layer[], noRoute: Route) {
    this.layers = layers;
    this.noRoute = noRoute;
    const made = new Map<readonly Route[], Router<Route>>(); // several hosts may have the very same routes
    const routerOf = (routes: readonly Route[]): Router<Route> => {
      const router = made.get(routes) ?? createRouter<Route>(routes);
      made.set(routes, router);
      return router;
    };
    const routers = layers.map(({ host, routes }) => ({ host, router: routerOf(routes) }));
    const asked = (host: string) => routers.filter((one) => isWithin(host, one.host)).map(({ router }) => router);
    const hosts = new Set(layers.flatMap(({ host }) => (host === undefined ? [] : [keyOf(host)])));
    this.#byHost = new Map([...hosts].map((host) => [host, asked(host)]));
    this.#forAny = asked('');
  }

  find(request: RequestHead, httpMethod = request.httpMethod): Found {
    let allowed: readonly string[] | undefined;
    for (const router of this.#routersFor(request.host)) {
      const match = router.match(httpMethod, request.path, request);
      if (match.kind === 'found') return match;
      if (match.kind === 'method') allowed = [...(allowed ?? []), ...match.allowed];
    }
    return allowed ? { kind: 'method', allowed: [...new Set(allowed)].sort() } : { kind: 'none' };
  }

  /** However many hosts there are, one look for each label of the name at most. */
  #routersFor(host: string): readonly Router<Route>[] {
    if (this.#byHost.size === 0) return this.#forAny;
    const exact = this.#byHost.get(host);
    if (exact) return exact;
    for (let dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1)) {
      const below = this.#byHost.get(host.slice(dot));
      if (below) return below;
    }
    return this.#forAny;
  }
}

/** `*.example.com` as `.example.com`: what the names end with. */
const keyOf = (host: string): string => (host.startsWith('*.') ? host.slice(1) : host);

/** Whether a layer for `layer` is asked for a host, or for all those below one when it begins with a dot. */
export function isWithin(host: string, layer: string | undefined): boolean {
  if (layer === undefined) return true;
  const key = keyOf(layer);
  return host === key || (key.startsWith('.') && host.length > key.length && host.endsWith(key));
}
