import type { Rpc } from '@trellis/rpc';
import type { TokenVerifier } from '@trellis/security';
import type { Exchange } from '../exchange.js';
import { demand } from '../policies/auth.js';
import type { HttpServices } from '../routing/http-services.js';
import type { Target } from '../routing/route.js';
import { type Destination, destinationOf, passOn, passUpgradeOn } from './http-service.js';

/** `/api/v1/shop/1.2.0` */
const SEGMENTS = 4;

/**
 * Every registered service that speaks HTTP, under its name and version: `/api/v1/shop/1.2.0/items?q=a` is `/items?q=a` of
 * an instance of shop 1.2.0. Who may announce such a service the registry checks; who may call it is what its instances say
 * in their metadata, and else its own affair.
 */
export function registeredService(rpc: Rpc, services: HttpServices, verifier: TokenVerifier): Target {
  /** Goes on at once where nothing is asked of callers. */
  function pass<T>(exchange: Exchange, on: (exchange: Exchange, rpc: Rpc, to: Destination) => Promise<T>): Promise<T> {
    const { captures, path, query } = exchange;
    const service = decoded(captures[0]);
    const version = decoded(captures[1]);
    const needed = services.needed(service, version);
    const to = destinationOf(service, version, path, query, SEGMENTS);
    const demanded = needed && demand(exchange, needed, verifier);
    return demanded ? demanded.then(() => on(exchange, rpc, to)) : on(exchange, rpc, to);
  }

  return {
    title: 'service named in the path',
    handle: (exchange) => pass(exchange, passOn),
    upgrade: (exchange) => pass(exchange, passUpgradeOn),
  };
}

/** The path is known to have no broken escape. */
const decoded = (segment = ''): string => (segment.includes('%') ? decodeURIComponent(segment) : segment);
