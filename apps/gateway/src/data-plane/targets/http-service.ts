import type { Rpc } from '@trellis/rpc';
import { openAnswer } from '../answer.js';
import { hasBody, readBody } from '../body.js';
import type { Exchange } from '../exchange.js';
import { requestHeaders, responseHeaders } from '../forwarded-headers.js';
import { segmentsOf } from '../../file/route-path.js';
import { hashKeyOf } from '../hash-key.js';
import type { Target } from '../routing/route.js';

export interface HttpServiceOptions {
  readonly service: string;
  /** Only instances of this version; any when absent. */
  readonly version?: string | undefined;
  /** Beginning of the path that the service does not see; the routes to it all begin so. */
  readonly stripPath?: string | undefined;
  /** The service sees no query. */
  readonly stripQuery?: boolean;
}

/** Passes requests on to the HTTP instances of one service as they are: method, path, query, headers, body, status. */
export function httpService(options: HttpServiceOptions, rpc: Rpc): Target {
  const { service, version, stripPath, stripQuery = false } = options;
  const stripped = stripPath === undefined ? 0 : segmentsOf(stripPath).length;
  return {
    title: version === undefined ? `service ${service}` : `service ${service} ${version}`,
    async handle(exchange) {
      const path = withoutSegments(exchange.path, stripped);
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

/** `/shop/items` without its first segment is `/items`, however that was written; without both it is `/`. */
function withoutSegments(path: string, count: number): string {
  let at = 0;
  for (let left = count; left > 0; left--) {
    at = path.indexOf('/', at + 1);
    if (at < 0) return '/';
  }
  return path.slice(at);
}
