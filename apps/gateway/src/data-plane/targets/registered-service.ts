import type { Rpc } from '@trellis/rpc';
import type { TokenVerifier } from '@trellis/security';
import type { Exchange } from '../exchange.js';
import { demand } from '../policies/auth.js';
import type { HttpServices } from '../routing/http-services.js';
import type { Target } from '../routing/route.js';
import { type Destination, passOn, passUpgradeOn, withoutSegments } from './http-service.js';

/** `/api/v1/shop/1.2.0` */
const SEGMENTS = 4;

/**
 * Every registered service that speaks HTTP, under its name and version: `/api/v1/shop/1.2.0/items?q=a` is `/items?q=a` of
 * an instance of shop 1.2.0. Who may announce such a service the registry checks; who may call it is what its instances say
 * in their metadata, and else its own affair.
 */
export function registeredService(rpc: Rpc, services: HttpServices, verifier: TokenVerifier): Target {
  async function destination(exchange: Exchange): Promise<Destination> {
    const [service = '', version = ''] = exchange.captures.map(decoded);
    const needed = services.needed(service, version);
    if (needed) await demand(exchange, needed, verifier);
    return { service, version, ...withoutSegments(exchange.path, exchange.query, SEGMENTS) };
  }

  return {
    title: 'service named in the path',
    async handle(exchange) {
      await passOn(exchange, rpc, await destination(exchange));
    },
    async upgrade(exchange) {
      return passUpgradeOn(exchange, rpc, await destination(exchange));
    },
  };
}

/** The path is known to have no broken escape. */
const decoded = (segment: string): string => (segment.includes('%') ? decodeURIComponent(segment) : segment);
