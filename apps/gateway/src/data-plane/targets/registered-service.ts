import type { Directory } from '@trellis/discovery';
import { notFound } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import type { Exchange } from '../exchange.js';
import type { Target } from '../routing/route.js';
import { passOn } from './http-service.js';

/**
 * Every registered service that speaks HTTP, under its name and version: `/api/v1/shop/1.2.0/items?q=a` is `/items?q=a` of
 * an instance of shop 1.2.0. Who announces such a service is checked by the registry; who may call it, by the service.
 */
export function registeredService(rpc: Rpc, directory: Directory): Target {
  return {
    title: 'service named in the path',
    async handle(exchange) {
      await passOn(exchange, rpc, destinationOf(exchange, directory));
    },
  };
}

function destinationOf({ path, query }: Exchange, directory: Directory) {
  const [, , , service = '', version = ''] = path.split('/', 5).map(decoded);
  const all = directory.all().filter((each) => each.service === service && each.protocol === 'http');
  if (all.length === 0)
    throw notFound(`No service ${service} that speaks HTTP is registered`, { reason: 'NO_SERVICE' });
  const versions = [...new Set(all.map((each) => each.version))].sort();
  if (!versions.includes(version)) {
    const message = `${service} has no version ${version}; there is ${versions.join(', ')}`;
    throw notFound(message, { reason: 'NO_VERSION', metadata: { versions: versions.join(' ') } });
  }
  const rest = path.split('/').slice(5).join('/');
  return { service, version, path: `/${rest}${query === '' ? '' : `?${query}`}` };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
