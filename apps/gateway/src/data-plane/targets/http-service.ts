import type { Duplex } from 'node:stream';
import { ServiceError } from '@trellis/errors';
import type { HttpCall, Rpc } from '@trellis/rpc';
import { openAnswer } from '../answer.js';
import { PassedBody, passedBody } from '../body.js';
import type { Exchange } from '../exchange.js';
import { requestHeaders, responseHeaders } from '../forwarded-headers.js';
import { segmentsIn } from '../../file/route-path.js';
import { hashKeyOf } from '../hash-key.js';
import { linger } from '../linger.js';
import type { Target } from '../routing/route.js';
import { protocolOf } from '../upgrade.js';

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
  const stripped = stripPath === undefined ? 0 : segmentsIn(stripPath);
  const destination = ({ path, query }: Exchange): Destination =>
    destinationOf(service, version, path, stripQuery ? '' : query, stripped);
  return {
    title: version === undefined ? `service ${service}` : `service ${service} ${version}`,
    handle: (exchange) => passOn(exchange, rpc, destination(exchange)),
    upgrade: (exchange) => passUpgradeOn(exchange, rpc, destination(exchange)),
  };
}

export interface Destination {
  readonly service: string;
  readonly version: string | undefined;
  /** With the query. */
  readonly path: string;
  /** What of the client's path the service does not see; empty when it sees all of it. */
  readonly prefix: string;
}

/** One request on its way to an HTTP service, and its answer on the way back. */
export function passOn(exchange: Exchange, rpc: Rpc, destination: Destination): Promise<void> {
  const passed = passedBody(exchange);
  if (passed === undefined) return relay(exchange, rpc, destination, undefined);
  if (passed instanceof PassedBody) return relayStream(exchange, rpc, destination, passed);
  return passed.then((body) => relay(exchange, rpc, destination, body));
}

async function relayStream(exchange: Exchange, rpc: Rpc, destination: Destination, body: PassedBody): Promise<void> {
  try {
    await relay(exchange, rpc, destination, body);
  } catch (error) {
    throw body.blame(ServiceError.from(error));
  } finally {
    body.leave();
  }
  const { request, response } = exchange;
  if (!request.complete) response.once('finish', () => linger(request)); // answered before all of it had come
}

function relay(
  exchange: Exchange,
  rpc: Rpc,
  destination: Destination,
  body: Uint8Array | PassedBody | undefined,
): Promise<void> {
  const began = performance.now();
  return rpc.http(callOf(exchange, rpc, destination, body)).then((answer) => {
    exchange.answered(answer, performance.now() - began);
    return answer.body.pipeTo(openAnswer(exchange, answer.status, responseHeaders(answer.headers)));
  });
}

/** The same for a request that wants another protocol. */
export async function passUpgradeOn(
  exchange: Exchange,
  rpc: Rpc,
  destination: Destination,
): Promise<Duplex | undefined> {
  const protocol = protocolOf(exchange.request);
  if (protocol === undefined) throw new Error('Not a request for another protocol');
  const began = performance.now();
  const answer = await rpc.upgrade({ ...callOf(exchange, rpc, destination, undefined), protocol });
  const { status, socket } = answer;
  exchange.answered(answer, performance.now() - began);
  const headers = responseHeaders(answer.headers);
  if (!socket) {
    await answer.body.pipeTo(openAnswer(exchange, status, headers));
    return undefined;
  }
  if (exchange.left) {
    socket.destroy();
    return undefined;
  }
  openAnswer(exchange, status, [...headers, 'connection', 'Upgrade', 'upgrade', protocol]).end();
  return socket;
}

function callOf(
  exchange: Exchange,
  rpc: Rpc,
  { service, version, path, prefix }: Destination,
  body: Uint8Array | PassedBody | undefined,
): HttpCall {
  return {
    service,
    version,
    method: exchange.httpMethod,
    path,
    headers: requestHeaders(exchange, prefix),
    body,
    hashKey: hashKeyOf(rpc.hashSource(service), exchange.request.headers),
    deadline: exchange.deadline,
    onInformation: (status, fields) => passHints(exchange, status, fields),
    bodyDeadline: Infinity, // an answer that has begun may take its time; whether it stalls is looked at elsewhere
    signal: exchange.gone,
  };
}

/** Early hints (RFC 8297). Of other interim answers there is none that a client could use. */
function passHints({ request, response }: Exchange, status: number, fields: readonly string[]): void {
  if (status !== 103 || request.httpVersion !== '1.1' || response.headersSent) return;
  const links = fields.filter((_, at) => fields[at - 1] === 'link' && at % 2 === 1);
  try {
    if (links.length > 0) response.writeEarlyHints({ link: links });
  } catch {
    // No link that Node would write, and only a hint.
  }
}

/** `/shop/items` without its first segment is `/items`, however that was written; without both it is `/`. */
export function destinationOf(
  service: string,
  version: string | undefined,
  path: string,
  query: string,
  stripped: number,
): Destination {
  let at = 0;
  for (let left = stripped; left > 0 && at < path.length; left--) {
    const next = path.indexOf('/', at + 1);
    at = next < 0 ? path.length : next;
  }
  const rest = path.slice(at) || '/';
  return { service, version, path: query === '' ? rest : `${rest}?${query}`, prefix: path.slice(0, at) };
}
