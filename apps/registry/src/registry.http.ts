import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import {
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  create,
  createRegistry,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { methodPolicy } from '@trellis/contracts';
import { RegistryService, type WatchRequest } from '@trellis/contracts/registry/v1';
import { Code, ServiceError, notFound } from '@trellis/errors';
import { type TokenVerifier, authorize, bearerToken } from '@trellis/security';
import { type Call, validate } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import { type HttpContent, type Match, type Route, createRouter, routesOf } from '@trellis/transcoding';
import { Allowances } from './limits/allowances.js';
import { answerContent, answerProblem } from './http/answer.js';
import type { EventStreams } from './http/event-streams.js';
import { methodNotAllowed } from './http/http-refusal.js';
import { refuseMalformed } from './http/malformed-request.js';
import { readJsonBody } from './http/request-body.js';
import type { Registry } from './registry.js';
import type { RegistryGrpc } from './registry.grpc.js';

/** Milliseconds in which a request must have arrived, and how often Node looks whether it has: every 30 s unless told. */
const ARRIVAL = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000 };
/** Reading a list costs a millisecond per hundred instances, and nobody has to say who they are. */
const PER_ADDRESS = { burst: 500, perSecond: 100 };

type UnaryName = Exclude<keyof typeof RegistryService.method, 'session' | 'watch'>;

export interface RegistryHttpOptions {
  readonly registry: Registry;
  /** Answers the contract's methods, whichever way they are called. */
  readonly methods: Pick<RegistryGrpc, UnaryName>;
  readonly verifier: TokenVerifier;
  readonly streams: EventStreams;
  readonly logger: Logger;
}

/** The contract's methods over HTTP as its own rules say, and `GET /health`. Every error is a problem (RFC 9457). */
export function registryHttp({ registry, methods, verifier, streams, logger }: RegistryHttpOptions): Server {
  const router = createRouter(routesOf(RegistryService, createRegistry(), { serverStreams: true }));
  const readers = new Allowances(PER_ADDRESS);

  const serve = async (request: IncomingMessage, response: ServerResponse, match: Found): Promise<void> => {
    const { method, httpMethod, bodyForm, decode, encode } = match.route;
    if (httpMethod === 'GET') readers.spend(request.socket.remoteAddress ?? '', registry.now());
    const call = await callOf(request, method, verifier);
    const body = bodyForm === 'none' ? undefined : await readJsonBody(request);
    const { query } = split(request);
    const message = fromBinary(method.input, decode({ captures: match.captures, query, body }));
    validate(method.input, message);
    if (method.methodKind !== 'unary') return streams.follow(request, response, message as WatchRequest);
    const answer: MessageInitShape<DescMessage> = await methods[method.localName as UnaryName](message as never, call);
    answerContent(response, encode(toBinary(method.output, create(method.output, answer))));
  };

  const fail = (request: IncomingMessage, response: ServerResponse, thrown: unknown, route?: Route): void => {
    const error = ServiceError.from(thrown);
    if (error.code === Code.INTERNAL) logger.error({ err: thrown }, 'a request could not be answered');
    if (response.headersSent) response.destroy();
    else answerProblem(response, error, { instance: split(request).path, locate: route?.locate });
  };

  const server = createServer(ARRIVAL, (request, response) => {
    const { path } = split(request);
    if (path === '/health') return answerContent(response, healthOf(registry));
    const match = router.match(request.method ?? '', path);
    if (match.kind === 'found') {
      serve(request, response, match).catch((error: unknown) => fail(request, response, error, match.route));
    } else if (match.kind === 'method') fail(request, response, methodNotAllowed(request.method ?? '', match.allowed));
    else fail(request, response, notFound(`There is nothing at ${path}`));
  });
  return server.on('clientError', refuseMalformed);
}

type Found = Match<Route> & { readonly kind: 'found' };

/** What the methods know of a caller. Throws when the method needs an access token and this one will not do. */
async function callOf({ headers }: IncomingMessage, method: DescMethod, verifier: TokenVerifier): Promise<Call> {
  const metadata = new Metadata();
  const { authorization } = headers;
  if (authorization !== undefined && PRINTABLE.test(authorization)) metadata.set('authorization', authorization);
  const policy = methodPolicy(method);
  const token = policy.public ? undefined : bearerToken(authorization);
  const caller = token === undefined ? undefined : await verifier.verify(token);
  authorize(caller, policy);
  return { caller, deadline: Infinity, signal: NEVER, metadata };
}

/** Nothing that these methods do can be interrupted: they are done when they return. */
const NEVER = new AbortController().signal;
const PRINTABLE = /^[\x20-\x7e]*$/;

function healthOf({ catalogue }: Registry): HttpContent {
  const preserved = catalogue.services().filter((service) => catalogue.preserved(service));
  const health = { status: 'SERVING', epoch: catalogue.epoch, ...(preserved.length > 0 && { preserved }) };
  return { contentType: 'application/json', body: JSON.stringify(health) };
}

function split({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
