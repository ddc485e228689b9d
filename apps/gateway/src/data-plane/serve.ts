import { notFound, unavailable } from '@trellis/errors';
import { attribute, spanName } from '@trellis/telemetry';
import type { Span } from '@opentelemetry/api';
import { admit } from './admission.js';
import { answerContent } from './answer.js';
import { checkAnnouncedSize, hasBody, readBody } from './body.js';
import { requireJson } from './content-type.js';
import type { Exchange } from './exchange.js';
import { noteFallback } from './fallback-header.js';
import type { Gateway } from './gateway.js';
import { routeHashKey } from './hash-key.js';
import { requireHost } from './host-header.js';
import { methodNotAllowed } from './http-refusal.js';
import type { GatewayRoute } from './route-table.js';

const AUTH_PATH = /^(\/oauth2|\/\.well-known)\//;
/** No client of ours sends one, and what a service makes of it is anybody's guess. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** How long a request waits for a gateway that has only just started, in milliseconds. */
const LEARN_WAIT_MS = 500;

/** The route that a request took, for what is told about it afterwards. */
export interface Served {
  route?: GatewayRoute;
}

/** The way of a request, step by step. Throws ServiceError. */
export async function serve(gateway: Gateway, exchange: Exchange, served: Served, span: Span): Promise<void> {
  requireHost(exchange.request);
  const [, authPrefix] = AUTH_PATH.exec(exchange.path) ?? [];
  if (authPrefix !== undefined && !DOT_SEGMENT.test(exchange.path)) {
    nameAfter(`${authPrefix}/**`, exchange, span);
    return gateway.auth.forward(exchange);
  }
  const { route, captures } = await findRoute(gateway, exchange);
  served.route = route;
  nameAfter(route.template.text, exchange, span);

  checkAnnouncedSize(exchange.request, gateway.limits.maxBody);
  const token = await admit(exchange.request.headers.authorization, route.policy, gateway.verifier);
  const body = await bodyFor(route, gateway, exchange);
  const contentType = exchange.request.headers['content-type'];
  const request = route.decode({ captures, query: exchange.query, body, contentType });
  const hashKey = routeHashKey(
    gateway.rpc.hashSource(route.service, route.grpcPath),
    exchange.request.headers,
    route,
    captures,
  );
  const { message, fallback } = await gateway.rpc.unary({
    service: route.service,
    path: route.grpcPath,
    request,
    repeatable: route.policy.repeatable,
    deadline: exchange.deadline,
    ...(token !== undefined && { token }),
    ...(hashKey !== undefined && { hashKey }),
    output: route.method.output,
    signal: exchange.gone,
  });
  noteFallback(exchange, fallback);
  answerContent(exchange, route.encode(message));
}

function nameAfter(route: string, { httpMethod }: Exchange, span: Span): void {
  span.updateName(spanName.http(httpMethod, route));
  span.setAttribute(attribute.httpRoute, route);
}

async function findRoute({ routes }: Gateway, { httpMethod, path }: Exchange) {
  if (!routes.table.complete) await routes.learnt(LEARN_WAIT_MS);
  const { router, complete } = routes.table;
  const match = router.match(httpMethod, path);
  if (match.kind === 'found') return match;
  if (match.kind === 'method') throw methodNotAllowed(match.allowed);
  if (!complete) throw unavailable('The gateway is still learning its routes', { reason: 'ROUTES_UNKNOWN' });
  throw notFound('No service has this path', { reason: 'NO_ROUTE' });
}

/** A body that the method has no use for is not looked at. */
async function bodyFor(
  route: GatewayRoute,
  { limits }: Gateway,
  { request, deadline }: Exchange,
): Promise<Uint8Array | undefined> {
  if (route.bodyForm === 'none' || !hasBody(request)) return undefined;
  if (route.bodyForm === 'json') requireJson(request.headers);
  return readBody(request, limits.maxBody, deadline);
}
