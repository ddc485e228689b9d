import type { IncomingHttpHeaders } from 'node:http';
import type { Directory } from '@trellis/discovery';
import type { Rpc } from '@trellis/rpc';
import { type AdminPages, answerJson } from '@trellis/service-defaults';
import { explain } from './data-plane/routing/explain.js';
import type { RequestHead } from './data-plane/routing/route.js';
import type { Routing } from './data-plane/routing/routing.js';
import { summariesOf } from './data-plane/routing/summary.js';
import { hostOf, splitTarget } from './data-plane/target.js';
import type { FileState } from './file/gateway-file-follower.js';

export interface AdminPagesOptions {
  readonly routing: Routing;
  readonly directory: Directory;
  readonly rpc: Rpc;
  /** Undefined without a file. */
  readonly file: () => FileState | undefined;
}

/**
 * `/routes` lists every route, and says how the configuration file is. With `?method=GET&url=http://host/path` and, as often
 * as wanted, `&header=name:value` it says which route such a request would take and why.
 */
export function adminPages({ routing, directory, rpc, file }: AdminPagesOptions): AdminPages {
  /** What the file says of a service, and who takes its calls; whether they are well when they are asked. */
  function upstreamOf(service: string): object {
    const healthy = new Map(rpc.health().map((one) => [one.instance, one.healthy]));
    const instances = directory.instances(service).map(({ id, address, version }) => {
      const well = healthy.get(id);
      return { id, address, version, ...(well !== undefined && { healthy: well }) };
    });
    return { ...routing.file.upstreams[service], instances };
  }
  return {
    '/routes': {
      GET: (request, response) => {
        const { searchParams } = new URL(request.url ?? '', 'http://admin');
        if (!searchParams.has('url')) {
          const { complete, table } = routing;
          return answerJson(response, 200, { file: file() ?? null, complete, routes: summariesOf(table) });
        }
        const head = requestHead(searchParams);
        if (!head)
          return answerJson(response, 400, { problem: 'give url as http://host/path, and header as name:value' });
        const { route, ...rest } = explain(routing.table, head);
        const upstream = route?.service === undefined ? undefined : upstreamOf(route.service);
        answerJson(response, 200, { ...(route && { route }), ...(upstream && { upstream }), ...rest });
      },
    },
  };
}

/** A request as the query tells it, its path untouched; undefined when that makes none. */
function requestHead(asked: URLSearchParams): RequestHead | undefined {
  const url = asked.get('url') ?? '';
  const [, authority = ''] = /^https?:\/\/([^/?#]+)/i.exec(url) ?? [];
  if (authority === '' && !url.startsWith('/')) return undefined;
  const headers: IncomingHttpHeaders = {};
  for (const header of asked.getAll('header')) {
    const colon = header.indexOf(':');
    if (colon < 1) return undefined;
    headers[header.slice(0, colon).trim().toLowerCase()] = header.slice(colon + 1).trim();
  }
  return {
    httpMethod: (asked.get('method') ?? 'GET').toUpperCase(),
    host: hostOf(authority),
    ...splitTarget(url),
    request: { headers },
  };
}
