import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Instance } from '@trellis/discovery';
import type { ServiceError } from '@trellis/errors';
import { Cancellation, type FallbackKind } from '@trellis/rpc';
import type { Caller } from '@trellis/security';
import type { Origin } from './edge/origin.js';
import type { Route } from './routing/route.js';
import { isHost } from './host-header.js';
import { hostOf, splitTarget } from './target.js';

export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origin: Origin;
  readonly traceId: string;
  /** Of the request as a whole; undefined when nobody records it. */
  readonly span: Span | undefined;
  /** Whether the client waits to be told that its body is wanted (RFC 9110, section 10.1.1). */
  readonly expectsContinue: boolean;
}

/** What is known of a call once it was answered. */
export interface Answered {
  readonly instance: Instance | undefined;
  readonly attempts: number;
  readonly fallback?: FallbackKind;
}

export interface HeaderChanges {
  /** Names in lower case. */
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** One request and its answer, with what every step of the way needs to know, and what has become of it so far. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Where the request comes from, and over whom. */
  readonly origin: Origin;
  readonly traceId: string;
  readonly span: Span | undefined;
  /** Milliseconds of a clock that nobody sets. */
  readonly began = performance.now();
  /** Milliseconds that it took in all, once it is over. */
  tookMs = 0;
  readonly httpMethod: string;
  /** What the request says it is for, in lower case and without a port; empty when it says nothing. */
  readonly host: string;
  /** The same as it was written, with the port; empty for what is no host. */
  readonly authority: string;
  /** Raw path of the request target, without the query. */
  readonly path: string;
  /** What follows the `?`, raw; empty when there is none. */
  readonly query: string;
  /** The policy `requestId` gives it. */
  requestId = '';
  /** What the client calls the business that the request is part of; the policy `requestId` takes it over. */
  correlationId: string | undefined;
  /** Epoch milliseconds. The answer is there by then, whatever it is. The policy `timeout` sets it. */
  deadline = Infinity;
  /** Bytes. The policy `maxBody` sets it. */
  maxBody = Infinity;
  /** Who calls, once the policy `auth` has verified it. */
  caller: Caller | undefined;
  /** The values of the route's variables, still percent-encoded. */
  captures: readonly string[] = [];
  /** The instance that answered, how many were asked, and whose the answer is if not the service's own. */
  instance: Instance | undefined;
  attempts = 0;
  fallback: FallbackKind | undefined;
  /** Milliseconds that the service took, of `began`'s clock. */
  upstreamMs: number | undefined;
  /** Why it is refused whatever its route. */
  fault: ServiceError | undefined;
  /** Why the answer is a problem. */
  error: ServiceError | undefined;
  /** What the policy `requestHeaders` changes of the headers that an HTTP service sees. */
  headerChanges: HeaderChanges | undefined;
  /** Whether the client still waits to be told that its body is wanted. */
  expectsContinue: boolean;
  /** Names in lower case and values, in turn, for the answer whatever it will be. */
  #promised: string[] | undefined;
  /** Bytes that the connection had sent before. */
  readonly #sentBefore: number;
  #route: Route | undefined;
  #gone: Cancellation | undefined;

  constructor({ request, response, origin, traceId, span, expectsContinue }: Arrival) {
    this.request = request;
    this.response = response;
    this.origin = origin;
    this.traceId = traceId;
    this.span = span;
    this.expectsContinue = expectsContinue;
    this.#sentBefore = request.socket.bytesWritten;
    this.httpMethod = request.method ?? 'GET';
    const { path, query, authority } = splitTarget(request.url ?? '/');
    const named = authority ?? request.headers.host ?? '';
    this.host = hostOf(named);
    this.authority = isHost(named) ? named : '';
    this.path = path;
    this.query = query;
  }

  /** The client's, as far as it can be known. */
  get clientAddress(): string {
    return this.origin.address;
  }

  /** Whether what the peer says of ids and of who is behind it is believed. */
  get trusted(): boolean {
    return this.origin.trusted;
  }

  /** The route that it takes: found before the first step. */
  get route(): Route {
    if (!this.#route) throw new Error('The request has no route yet');
    return this.#route;
  }

  take(route: Route, captures: readonly string[]): void {
    this.#route = route;
    this.captures = captures;
  }

  /**
   * The method that a browser asks about before it sends a request to another origin: a CORS preflight
   * (https://fetch.spec.whatwg.org/#cors-preflight-request). Undefined for any other request.
   */
  get asksFor(): string | undefined {
    if (this.httpMethod !== 'OPTIONS') return undefined;
    const { headers } = this.request;
    return headers.origin === undefined ? undefined : headers['access-control-request-method'];
  }

  /** Adds a header to the answer, before it is known what that will be. The name in lower case. */
  promise(name: string, value: string): void {
    if (this.#promised) this.#promised.push(name, value);
    else this.#promised = [name, value];
  }

  get promised(): readonly string[] | undefined {
    return this.#promised;
  }

  /** Tells a client that waits for it to send its body. */
  wantBody(): void {
    if (!this.expectsContinue) return;
    this.expectsContinue = false;
    this.response.writeContinue();
  }

  /** Notes who answered, for those who tell of it, and how many milliseconds that took. */
  answered({ instance, attempts, fallback }: Answered, ms: number): void {
    this.instance = instance;
    this.attempts = attempts;
    this.fallback = fallback;
    this.upstreamMs = ms;
  }

  /** Aborted when the client went away before its answer was sent. */
  get gone(): Cancellation {
    this.#gone ??= new Cancellation();
    if (this.left) this.#gone.abort();
    return this.#gone;
  }

  /** Whether the client has gone without its answer. */
  get left(): boolean {
    return this.response.closed && !this.response.writableFinished;
  }

  /** Of the answer as the client got it; 499 when it did not wait for it, as nginx says. */
  get status(): number {
    return this.left ? CLIENT_LEFT : this.response.statusCode;
  }

  /**
   * What the connection has sent since the request came: the answer with its head and its framing, and those to requests
   * that came together with it.
   */
  get sentBytes(): number {
    return this.request.socket.bytesWritten - this.#sentBefore;
  }

  /** Called when the connection's part of the exchange is over. */
  close(): void {
    this.tookMs = performance.now() - this.began;
    if (this.left) this.#gone?.abort();
  }
}

const CLIENT_LEFT = 499;
