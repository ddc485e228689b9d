import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { context } from '@opentelemetry/api';
import { ServiceError } from '@trellis/errors';
import { answerProblem, isFault } from './answer.js';
import { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';
import { linger } from './linger.js';
import { headFault } from './request-head.js';
import { openTrace } from './request-trace.js';
import type { Found, RouteTable } from './routing/route-table.js';
import type { Tunnels } from './tunnels.js';
import { responseOn } from './upgrade.js';

/** How long a request waits for a gateway that has only just started, in milliseconds. */
const LEARN_WAIT_MS = 500;

export type Listener = (request: IncomingMessage, response: ServerResponse, expectsContinue?: boolean) => void;

/** Answers every request, whatever happens. */
export function requestListener(gateway: Gateway): Listener {
  const finish: Finish = (exchange) => exchange.route.target.handle(exchange);
  return (request, response, expectsContinue = false) => {
    open(gateway, request, response, expectsContinue, finish);
  };
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The same for requests for another protocol. Where the target has none they are answered as if they asked for none. */
export function upgradeListener(gateway: Gateway, tunnels: Tunnels): UpgradeListener {
  const finish: Finish = async (exchange) => {
    const { request, route } = exchange;
    if (!route.target.upgrade) return route.target.handle(exchange);
    const service = await route.target.upgrade(exchange);
    if (service) tunnels.join(request.socket, service, (exchange.caller?.expiresAt ?? Infinity) - Date.now());
  };
  return (request, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    open(gateway, request, responseOn(socket, request), false, finish);
  };
}

/** The last step of a request that has passed all policies. */
type Finish = (exchange: Exchange) => Promise<void>;

function open(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
  finish: Finish,
): void {
  const { sampleRatio, routing, active } = gateway;
  const { edge } = routing;
  const origin = edge.originOf(request);
  const trace = openTrace(request, { origin, forced: edge.takeForce(request), sampleRatio });
  const { traceId, span } = trace;
  const exchange = new Exchange({ request, response, origin, traceId, span, expectsContinue });
  active.begin();
  response.on('close', () => {
    active.end();
    exchange.close();
    for (const step of exchange.route.pipeline.end) step(exchange);
    trace.end(exchange);
  });
  const failed = (error: unknown): void => fail(gateway, exchange, ServiceError.from(error));
  try {
    context.with(trace.context, serve, undefined, gateway, exchange, finish).catch(failed);
  } catch (error) {
    failed(error);
  }
}

const DONE = Promise.resolve();

/**
 * The way of a request: find its route, pass its policies, be answered. Throws or rejects with ServiceError. What need not
 * wait does not: most steps are done at once.
 */
function serve({ routing }: Gateway, exchange: Exchange, finish: Finish): Promise<void> {
  const { table } = routing;
  exchange.take(table.noRoute, []); // whatever is refused from here on is told of as any request is
  if (routing.complete || isServed(table.find(exchange))) return takeRoute(table, exchange, finish);
  return routing.learnt(LEARN_WAIT_MS).then(() => takeRoute(routing.table, exchange, finish));
}

function takeRoute(table: RouteTable, exchange: Exchange, finish: Finish): Promise<void> {
  exchange.fault = headFault(exchange);
  const found = exchange.fault ? undefined : find(table, exchange);
  if (found?.kind === 'found') exchange.take(found.route, found.captures);
  return pass(exchange, 0, finish);
}

/** From the step at this place of the pipeline on. */
function pass(exchange: Exchange, place: number, finish: Finish): Promise<void> {
  const steps = exchange.route.pipeline.request;
  for (let at = place; at < steps.length; at++) {
    const outcome = steps[at]?.(exchange);
    if (outcome === undefined) continue;
    if (outcome === true) return DONE;
    return outcome.then((answered) => (answered ? undefined : pass(exchange, at + 1, finish)));
  }
  return finish(exchange);
}

/** Whether there is more than a refusal: a route of the file may still wait for the contract behind it. */
const isServed = (found: Found): boolean => found.kind === 'found' && found.route.problem === undefined;

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
