import type { IncomingMessage, ServerResponse } from 'node:http';
import { context } from '@opentelemetry/api';
import { ServiceError } from '@trellis/errors';
import { answerProblem, isFault } from './answer.js';
import { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';
import { linger } from './linger.js';
import { headFault } from './request-head.js';
import { openTrace } from './request-trace.js';
import type { Found, RouteTable } from './routing/route-table.js';

/** How long a request waits for a gateway that has only just started, in milliseconds. */
const LEARN_WAIT_MS = 500;

export type Listener = (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => void;

/** Answers every request, whatever happens. */
export function requestListener(gateway: Gateway): Listener {
  return (request, response, expectsContinue = false) => {
    const { sampleRatio, routing } = gateway;
    const { edge } = routing;
    const origin = edge.originOf(request);
    const trace = openTrace(request, { origin, forced: edge.takeForce(request), sampleRatio });
    const { traceId, span } = trace;
    const exchange = new Exchange({ request, response, origin, traceId, span, expectsContinue });
    response.once('close', () => {
      exchange.close();
      for (const step of exchange.route.pipeline.end) step(exchange);
      trace.end(exchange);
    });
    context.with(trace.context, serve, undefined, gateway, exchange).catch((error: unknown) => {
      fail(gateway, exchange, ServiceError.from(error));
    });
  };
}

/** The way of a request: find its route, pass its policies, be answered. Throws ServiceError. */
async function serve({ routing }: Gateway, exchange: Exchange): Promise<void> {
  let { table } = routing;
  exchange.take(table.noRoute, []); // whatever is refused from here on is told of as any request is
  if (!routing.complete && table.find(exchange).kind === 'none') {
    await routing.learnt(LEARN_WAIT_MS);
    ({ table } = routing);
  }
  exchange.fault = headFault(exchange);
  const found = exchange.fault ? undefined : find(table, exchange);
  if (found?.kind === 'found') exchange.take(found.route, found.captures);
  const { pipeline, target } = exchange.route;
  for (const step of pipeline.request) {
    const outcome = step(exchange);
    if (outcome !== undefined && (await outcome)) return;
  }
  await target.handle(exchange);
}

/** A question about a method takes that method's route, should it answer such questions. */
function find(table: RouteTable, exchange: Exchange): Found {
  const { asksFor } = exchange;
  const asked = asksFor === undefined ? undefined : table.find(exchange, asksFor);
  return asked?.kind === 'found' && asked.route.pipeline.preflights ? asked : table.find(exchange);
}

function fail({ logger }: Gateway, exchange: Exchange, error: ServiceError): void {
  const { response, request, requestId } = exchange;
  if (exchange.left || response.headersSent) {
    exchange.error = error;
    logger.debug({ err: error, request_id: requestId }, 'answer cut short');
    response.destroy();
    return;
  }
  if (isFault(error)) logger.error({ err: error, request_id: requestId }, 'request failed');
  answerProblem(exchange, error);
  if (!request.complete) linger(request);
}
