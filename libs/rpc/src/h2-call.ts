import { type ClientHttp2Stream, type IncomingHttpHeaders, type IncomingHttpStatusHeader, constants } from 'node:http2';
import { timeLeft } from '@trellis/resilience';
import { calmed, givenUp, late, lost, malformed, refused, tooLarge, unsendable } from './call-failures.js';
import { type FrameFault, FrameReader, frameOf } from './grpc-frame.js';
import { requestHeaders } from './grpc-headers.js';
import { foreignAnswer, hasStatus, statusError } from './grpc-status.js';
import type { H2Session } from './h2-session.js';
import { type Attempt, AttemptFailure } from './transport.js';

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/** No timer runs longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One call from the moment it is wanted: it waits for a session, is sent, and ends once, whatever happens first. */
export class H2Call {
  readonly attempt: Attempt;
  readonly #now: () => number;
  readonly #resolve: (message: Uint8Array) => void;
  readonly #reject: (failure: AttemptFailure) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #abort: (() => void) | undefined;
  #settled = false;
  #moved = false;
  #stream: ClientHttp2Stream | undefined;
  #head: (IncomingHttpHeaders & IncomingHttpStatusHeader) | undefined;
  #trailers: IncomingHttpHeaders | undefined;

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
    this.#timer = setTimeout(expire, Math.min(this.timeLeft, LONGEST_TIMER_MS), this);
    if (attempt.signal) {
      this.#abort = () => this.fail(givenUp());
      attempt.signal.addEventListener('abort', this.#abort, { once: true });
    }
  }

  /** Milliseconds until the deadline. */
  get timeLeft(): number {
    return timeLeft(this.attempt.deadline, this.#now());
  }

  /** Whether it has ended. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Sends it. `again` is asked to when the peer left it behind unseen because the session ends. */
  start(session: H2Session, again: (call: H2Call) => void): void {
    const { address, path, headers, request } = this.attempt;
    const list = requestHeaders(address, path, headers, this.timeLeft);
    if (!list) return this.fail(unsendable());
    let stream: ClientHttp2Stream;
    try {
      stream = session.open(list);
    } catch (error) {
      return this.fail(unsendable(error));
    }
    this.#stream = stream;
    const reader = new FrameReader();
    let cause: unknown;
    stream.on('response', (head) => {
      this.#head = head;
      session.answered();
    });
    stream.on('data', (piece: Buffer) => {
      const fault = reader.add(piece);
      if (fault) this.fail(faulty(fault));
    });
    stream.on('trailers', (trailers) => (this.#trailers = trailers));
    stream.on('end', () => {
      // An end without a status is an answer only when the peer made it: a broken connection ends a stream as well.
      this.#answer(reader, !stream.destroyed && stream.rstCode === NGHTTP2_NO_ERROR);
    });
    stream.on('error', (error) => (cause = error));
    stream.on('close', () => {
      this.#answer(reader, false);
      session.ended();
      if (!this.#settled) this.#broken(session, stream, cause, again);
    });
    stream.end(frameOf(request));
  }

  /** Ends it without an answer, and lets the peer know. */
  fail(failure: AttemptFailure): void {
    if (this.#settle()) this.#reject(failure);
  }

  /** Ends it with what the peer said, once it said all. */
  #answer(reader: FrameReader, complete: boolean): void {
    const last = this.#trailers ?? (this.#head && hasStatus(this.#head) ? this.#head : undefined);
    if (this.#settled || !(last ?? complete)) return;
    const error = last && hasStatus(last) ? statusError(last) : this.#head && foreignAnswer(this.#head);
    if (error) return this.fail(new AttemptFailure('final', error));
    if (!last || !hasStatus(last)) return this.fail(malformed('it has no status'));
    const message = reader.message();
    if (!message) return this.fail(malformed(reader.empty ? 'it has no message' : 'its message is incomplete'));
    if (this.#settle()) this.#resolve(message);
  }

  /** The stream is gone and there is no answer. What matters is whether the peer can have begun. */
  #broken(session: H2Session, stream: ClientHttp2Stream, cause: unknown, again: (call: H2Call) => void): void {
    const unseen = stream.rstCode === NGHTTP2_REFUSED_STREAM || session.leftBehind(stream);
    if (!unseen) return this.fail(stream.rstCode === NGHTTP2_ENHANCE_YOUR_CALM ? calmed(cause) : lost(cause));
    if (this.#moved || session.state === 'ready') return this.fail(refused(cause));
    this.#moved = true;
    this.#stream = this.#head = undefined;
    again(this);
  }

  /** True for the first that ends it. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#abort) this.attempt.signal?.removeEventListener('abort', this.#abort);
    const stream = this.#stream;
    // Also after an answer, when it came before the peer had the whole request: it wants no more of it.
    if (stream && !stream.closed && !(stream.readableEnded && stream.writableFinished)) stream.close(NGHTTP2_CANCEL);
    return true;
  }
}

const expire = (call: H2Call): void => call.fail(late());

const faulty = (fault: FrameFault): AttemptFailure =>
  fault === 'too large'
    ? tooLarge()
    : malformed(fault === 'compressed' ? 'it is compressed' : 'it has more than one message');
