import { timeLeft } from '@trellis/resilience';
import { timerTo } from '../terms.js';
import { calmed, givenUp, late, lost, malformed, refused, tooLarge, unsendable } from '../call-failures.js';
import { type FrameFault, FrameReader, frameOf } from './grpc-frame.js';
import { callHeaders } from './grpc-headers.js';
import { foreignAnswer, hasStatus, statusError } from './grpc-status.js';
import type { Connection } from '../http2/connection.js';
import type { Receiver, StreamEnd } from '../http2/streams.js';
import type { Fields } from '../http2/hpack-decoder.js';
import { type Attempt, AttemptFailure } from '../transport.js';

/** One call from the moment it is wanted: it waits for a connection, is sent, and ends once, whatever happens first. */
export class H2Call implements Receiver {
  readonly attempt: Attempt;
  readonly #now: () => number;
  readonly #resolve: (message: Uint8Array) => void;
  readonly #reject: (failure: AttemptFailure) => void;
  readonly #timer: NodeJS.Timeout;
  #settled = false;
  #moved = false;
  #connection: Connection | undefined;
  #stream = 0;
  #again: ((call: H2Call) => void) | undefined;
  #head: Fields | undefined;
  #reader = new FrameReader();

  constructor(
    attempt: Attempt,
    now: () => number,
    resolve: (message: Uint8Array) => void,
    reject: (failure: AttemptFailure) => void,
  ) {
    this.attempt = attempt;
    this.#now = now;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(expire, timerTo(attempt.deadline, now()), this);
    attempt.signal?.addEventListener('abort', this, { once: true });
  }

  /** Milliseconds until the deadline. */
  get timeLeft(): number {
    return timeLeft(this.attempt.deadline, this.#now());
  }

  /** Whether it has ended. */
  get settled(): boolean {
    return this.#settled;
  }

  /**
   * Sends it. `again` gets it, once, when the connection ended before the peer looked at it: that is no failure of the
   * instance, which may only want its connections renewed.
   */
  start(connection: Connection, methodHeaders: Buffer | undefined, again?: (call: H2Call) => void): void {
    const block = methodHeaders && callHeaders(methodHeaders, this.attempt.headers, this.timeLeft);
    if (!block) return this.fail(unsendable());
    this.#again = again;
    this.#connection = connection;
    this.#stream = connection.open(block, frameOf(this.attempt.request), this);
  }

  head(fields: Fields | undefined, last: boolean): void {
    if (!fields) return this.fail(malformed('its headers are too long'));
    if (!this.#head) {
      if (fields[':status']?.startsWith('1')) return; // informational: the answer's own headers follow
      this.#head = fields;
      const foreign = hasStatus(fields) ? undefined : foreignAnswer(fields);
      if (foreign) return this.fail(new AttemptFailure('final', foreign));
    }
    if (last) this.#answer(fields);
  }

  data(piece: Buffer, last: boolean): void {
    const fault = this.#reader.add(piece);
    if (fault) this.fail(faulty(fault));
    else if (last) this.#answer(this.#head ?? {});
  }

  broken(end: StreamEnd, cause?: unknown): void {
    if (end !== 'unseen') return this.fail(end === 'calmed' ? calmed(cause) : lost(cause));
    if (this.#moved || !this.#again || this.#connection?.state === 'ready') return this.fail(refused(cause));
    this.#moved = true;
    this.#connection = undefined;
    this.#again(this);
  }

  /**
   * Of the caller's signal: nobody waits any more. A method, for with a function made for each call 6 of 37 MB that calls
   * allocated outlived V8's young generation, and with this 0.01 do.
   */
  handleEvent(): void {
    this.fail(givenUp());
  }

  /** Ends it without an answer, and lets the peer know. */
  fail(failure: AttemptFailure): void {
    if (!this.#settle()) return;
    this.#connection?.cancel(this.#stream);
    this.#reject(failure);
  }

  /** The peer has said all, and this last. */
  #answer(last: Fields): void {
    if (!hasStatus(last)) return this.fail(malformed('it has no status'));
    const error = statusError(last);
    if (error) return this.fail(new AttemptFailure('final', error));
    const message = this.#reader.message();
    if (!message) return this.fail(malformed(this.#reader.empty ? 'it has no message' : 'its message is incomplete'));
    if (this.#settle()) this.#resolve(message);
  }

  /** True for whoever ends it first. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.attempt.signal?.removeEventListener('abort', this);
    return true;
  }
}

/** After one more look at what has come: in a process that was busy the answer may lie there unread. */
const expire = (call: H2Call): void => void setImmediate(() => call.fail(late()));

const faulty = (fault: FrameFault): AttemptFailure =>
  fault === 'too large'
    ? tooLarge()
    : malformed(fault === 'compressed' ? 'it is compressed' : 'it has more than one message');
