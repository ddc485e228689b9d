import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { givenUp, late, neverSent, slowToAnswer, slowToRead } from '../call-failures.js';
import { timerTo } from '../terms.js';
import { type AttemptFailure } from '../transport.js';
import type { WireTerms } from '../wire.js';
import { AnswerBody, type BodySource } from './answer-body.js';
import { requestFailure } from './http-failure.js';
import { refusedBy } from './http-refused.js';
import type { HttpReply } from './http-reply.js';
import { type HttpFields, flat } from './http-fields.js';
import { RequestBody } from './request-body.js';

type Controller = Dispatcher.DispatchController;

export interface ExchangeOptions {
  readonly terms: WireTerms;
  /** Epoch milliseconds by which the answer's body is through. */
  readonly bodyDeadline: number;
  readonly body: Uint8Array | RequestBody | null;
  readonly onInformation: ((status: number, headers: readonly string[]) => void) | undefined;
  readonly now: () => number;
  readonly resolve: (reply: HttpReply) => void;
  /** With AttemptFailure. */
  readonly reject: (failure: AttemptFailure) => void;
}

/**
 * One request and its answer, as undici tells of them. The promise of the attempt is settled by the answer's head; the rest
 * goes through the body, until the end or until a time is over or the caller gives up.
 */
export class HttpExchange implements Dispatcher.DispatchHandler, BodySource {
  readonly #options: ExchangeOptions;
  /** From when it is written. */
  #controller: Controller | undefined;
  /** From when its answer's head is there. */
  #body: AnswerBody | undefined;
  #over = false;
  /** Why we ended it; undefined when somebody else did. */
  #cause: AttemptFailure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #bodyDeadline: number;
  /** When the instance last said something that it was asked for; undefined while it has nothing to say. */
  #heardAt: number | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#bodyDeadline = options.bodyDeadline;
    options.terms.signal?.addEventListener('abort', this, { once: true });
    this.#check();
  }

  /** Of the caller's signal. */
  handleEvent(): void {
    this.abort(givenUp());
  }

  abort(failure: AttemptFailure): void {
    if (this.#over) return;
    this.#cause = failure;
    if (this.#controller) this.#controller.abort(failure);
    else this.#fail(failure); // and undici learns it when the request's turn comes
  }

  resume(): void {
    if (this.#over) return;
    if (this.#heardAt !== undefined) this.#heardAt = this.#options.now();
    this.#controller?.resume();
  }

  within(ms: number): void {
    this.#bodyDeadline = Math.min(this.#bodyDeadline, this.#options.now() + ms);
    this.#check();
  }

  onRequestStart(controller: Controller): void {
    if (this.#cause) throw this.#cause; // nothing was written, and the connection stays
    this.#controller = controller;
  }

  onRequestSent(): void {
    if (this.#options.terms.policy.readTimeout !== undefined) this.#heardAt = this.#options.now();
  }

  onRequestUpgrade(_: Controller, status: number, headers: HttpFields, socket: Duplex): void {
    socket.on('error', ignore); // it is nobody's before the caller gets it
    if (!this.#end()) return void socket.destroy();
    const body = new AnswerBody(this);
    body.end();
    this.#options.resolve({ status, statusText: 'Switching Protocols', headers: flat(headers), body, socket });
  }

  onResponseStart(_: Controller, status: number, headers: HttpFields, statusText = ''): void {
    const { onInformation, resolve, reject } = this.#options;
    if (this.#heardAt !== undefined) this.#heardAt = this.#options.now();
    if (status < 200) return onInformation?.(status, flat(headers));
    this.#body = new AnswerBody(this);
    const reply = { status, statusText, headers: flat(headers), body: this.#body, socket: undefined };
    const refusal = refusedBy(reply);
    if (refusal) reject(refusal);
    else resolve(reply);
  }

  onResponseData(controller: Controller, piece: Buffer): void {
    if (this.#heardAt !== undefined) this.#heardAt = this.#options.now();
    if (!this.#body?.push(piece)) controller.pause();
  }

  onResponseEnd(_: Controller, trailers: HttpFields): void {
    if (this.#end()) this.#body?.end(flat(trailers));
  }

  onResponseError(_: Controller | null, error: Error): void {
    const { body } = this.#options;
    const broken = body instanceof RequestBody && body.broken !== undefined;
    this.#fail(this.#cause ?? (broken ? givenUp() : requestFailure(error, this.#controller !== undefined)));
  }

  #fail(failure: AttemptFailure): void {
    if (!this.#end()) return;
    if (this.#options.body instanceof RequestBody) this.#options.body.destroy();
    if (this.#body) this.#body.fail(failure.error);
    else this.#options.reject(failure);
  }

  /** True for whoever ends it first. */
  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.terms.signal?.removeEventListener('abort', this);
    return true;
  }

  /** Looks whether a time is over, and sets the timer for the next look. What happens meanwhile moves no timer. */
  #check(): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    const { now, terms, body } = this.#options;
    const { readTimeout = Infinity, writeTimeout = Infinity } = terms.policy;
    const at = now();
    const end = this.#body ? this.#bodyDeadline : terms.deadline;
    const reading = this.#controller?.paused ? at : (this.#heardAt ?? at);
    const writing = (body instanceof RequestBody ? body.stalledAt : undefined) ?? at;
    if (at >= end) return this.abort(this.#controller ? late() : neverSent());
    if (at - reading >= readTimeout) return this.abort(slowToAnswer());
    if (at - writing >= writeTimeout) return this.abort(slowToRead());
    const next = Math.min(end, reading + readTimeout, writing + writeTimeout);
    if (next < Infinity) this.#timer = setTimeout(look, timerTo(next, at), this);
  }

  /** For the timer: after one more look at what has come, for in a busy process the answer may lie there unread. */
  static look(exchange: HttpExchange): void {
    setImmediate(() => exchange.#check());
  }
}

const { look } = HttpExchange;
const ignore = (): void => undefined;
