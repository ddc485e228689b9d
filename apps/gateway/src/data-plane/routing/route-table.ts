import { type Router, createRouter } from '@trellis/transcoding';
import type { Exchange } from '../exchange.js';
import type { Route } from './route.js';

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
  readonly #byHost: readonly (readonly [(host: string) => boolean, Router<Route>])[];

  /** Throws ContractError when two routes of one layer answer the same requests. */
  constructor(layers: readonly Layer[], noRoute: Route) {
    this.layers = layers;
    this.noRoute = noRoute;
    this.#byHost = layers.map(({ host, routes }) => [hostTest(host), createRouter<Route>(routes)]);
  }

  /** `host` in lower case, without a port. */
  find(exchange: Exchange, httpMethod = exchange.httpMethod): Found {
    const { path } = exchange;
    let allowed: readonly string[] | undefined;
    for (const [fits, router] of this.#byHost) {
      if (!fits(exchange.host)) continue;
      const match = router.match(httpMethod, path, exchange);
      if (match.kind === 'found') return match;
      if (match.kind === 'method') allowed = [...(allowed ?? []), ...match.allowed];
    }
    return allowed ? { kind: 'method', allowed: [...new Set(allowed)].sort() } : { kind: 'none' };
  }
}

function hostTest(host: string | undefined): (host: string) => boolean {
  if (host === undefined) return () => true;
  if (!host.startsWith('*.')) return (given) => given === host;
  const suffix = host.slice(1);
  return (given) => given.length > suffix.length && given.endsWith(suffix);
}
