import type { Rpc } from '@trellis/rpc';
import { openAnswer } from '../answer.js';
import { hasBody, readBody } from '../body.js';
import type { Exchange } from '../exchange.js';
import { requestHeaders, responseHeaders } from '../forwarded-headers.js';
import { hashKeyOf } from '../hash-key.js';
import type { Target } from '../routing/route.js';

export interface HttpServiceOptions {
  readonly service: string;
  /** Only instances of this version; any when absent. */
  readonly version?: string | undefined;
  /** Beginning of the path that the service does not see. */
  readonly stripPath?: string | undefined;
  /** The service sees no query. */
  readonly stripQuery?: boolean;
}

/** Passes requests on to the HTTP instances of one service as they are: method, path, query, headers, body, status. */
export function httpService(options: HttpServiceOptions, rpc: Rpc): Target {
  const { service, version, stripPath, stripQuery = false } = options;
  return {
    title: version === undefined ? `service ${service}` : `service ${service} ${version}`,
    async handle(exchange) {
      const path = stripPath === undefined ? exchange.path : withoutPrefix(exchange.path, stripPath);
      const query = stripQuery || exchange.query === '' ? '' : `?${exchange.query}`;
      await passOn(exchange, rpc, { service, version, path: path + query });
    },
  };
}

export interface Destination {
  readonly service: string;
  readonly version: string | undefined;
  /** With the query. */
  readonly path: string;
}

/** One request on its way to an HTTP service, and its answer on the way back. */
export async function passOn(exchange: Exchange, rpc: Rpc, { service, version, path }: Destination): Promise<void> {
  const { request, httpMethod, deadline } = exchange;
  const body = hasBody(request) ? await readBody(exchange) : undefined;
  const hashKey = hashKeyOf(rpc.hashSource(service), request.headers);
  const began = performance.now();
  const answer = await rpc.http({
    service,
    ...(version !== undefined && { version }),
    method: httpMethod,
    path,
    headers: requestHeaders(exchange),
    ...(body && { body }),
    ...(hashKey !== undefined && { hashKey }),
    deadline,
    signal: exchange.gone,
  });
  const { instance, attempts, fallback } = answer;
  exchange.answered({ instance, attempts, fallback, ms: performance.now() - began });
  const into = openAnswer(exchange, answer.status, responseHeaders(answer.headers));
  await answer.body.pipeTo(into);
}

/** `/shop/items` without `/shop` is `/items`; what does not begin with it is left as it is. */
function withoutPrefix(path: string, prefix: string): string {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (path === bare) return '/';
  return path.startsWith(`${bare}/`) ? path.slice(bare.length) : path;
}
