import type { Writable } from 'node:stream';
import type { ServiceError } from '@trellis/errors';
import { givenUp, tooLarge } from '../call-failures.js';
import type { HttpBody } from '../rpc.js';
import type { AttemptFailure } from '../transport.js';
import { SHORT, endTogether } from './end-together.js';
import { NO_FIELDS } from './http-fields.js';

/** Bytes that wait here for somebody who reads them; then the instance waits. What comes in one read is always taken. */
const HELD = 65_536;
/** Bytes of an unwanted rest that are read for the sake of the connection, and milliseconds that they may take. */
const SHORT_REST = 16_384;
const SHORT_WHILE_MS = 1_000;

/** Where the body comes from. */
export interface BodySource {
  resume(): void;
  /** Breaks it off; `fail` follows. */
  abort(failure: AttemptFailure): void;
  /** It breaks off by itself after so many milliseconds, if not earlier. */
  within(ms: number): void;
}

/** Who reads it. `false` from `piece`: no more for now. */
interface Reader {
  piece(piece: Buffer): boolean;
  end(trailers: readonly string[]): void;
  fail(error: ServiceError): void;
}

const DONE = Promise.resolve();

/**
 * The body of an answer between the connection that it comes from and whoever reads it. A short one has come as a whole by
 * the time somebody looks, and is handed over in one go.
 */
export class AnswerBody implements HttpBody {
  readonly #source: BodySource;
  readonly #held: Buffer[] = [];
  #size = 0;
  #trailers: readonly string[] | undefined;
  #error: ServiceError | undefined;
  #reader: Reader | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /** The next piece. `false`: no more for now. */
  push(piece: Buffer): boolean {
    if (this.#reader) return this.#reader.piece(piece);
    this.#held.push(piece);
    this.#size += piece.length;
    return this.#size < HELD;
  }

  end(trailers: readonly string[] = NO_FIELDS): void {
    this.#trailers = trailers;
    this.#reader?.end(trailers);
  }

  fail(error: ServiceError): void {
    this.#error = error;
    this.#reader?.fail(error);
  }

  pipeTo(writable: Writable, onTrailers?: (trailers: readonly string[]) => void): Promise<void> {
    const whole = !this.#error && this.#trailers === NO_FIELDS && this.#size <= SHORT;
    if (whole && !this.#reader && !writable.destroyed) {
      this.#reader = NOBODY;
      endTogether(writable, joined(this.#held));
      return DONE;
    }
    return new Promise((resolve, reject) => this.#give(new Pipe(this, writable, onTrailers, resolve, reject)));
  }

  bytes(limit: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => this.#give(new Collector(this, limit, resolve, reject)));
  }

  dump(): void {
    if (this.#trailers || this.#error) return void this.#held.splice(0);
    this.#source.within(SHORT_WHILE_MS);
    this.#give(new Collector(this, SHORT_REST, ignore, ignore));
  }

  /** The reader can take more. */
  more(): void {
    this.#source.resume();
  }

  /** The reader wants no more of it: it fails for this reason, even if all of it has come. */
  stop(failure: AttemptFailure): void {
    if (this.#error) return;
    if (this.#trailers) this.fail(failure.error);
    else this.#source.abort(failure);
  }

  #give(reader: Reader): void {
    if (this.#reader) throw new Error('The body of an answer is read once');
    this.#reader = reader;
    if (this.#error) return reader.fail(this.#error);
    let more = true;
    for (const piece of this.#held.splice(0)) {
      more = reader.piece(piece);
      if (this.#error !== undefined) return;
    }
    if (this.#trailers) reader.end(this.#trailers);
    else if (more) this.#source.resume();
  }
}

/** Most bodies come in one piece. */
function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

const ignore = (): void => undefined;

const NOBODY: Reader = { piece: () => true, end: ignore, fail: ignore };

/** Hands it on to a writable, which decides how fast. */
class Pipe implements Reader {
  readonly #body: AnswerBody;
  readonly #writable: Writable;
  readonly #onTrailers: ((trailers: readonly string[]) => void) | undefined;
  readonly #resolve: () => void;
  readonly #reject: (error: ServiceError) => void;
  readonly #onDrain = (): void => this.#body.more();
  readonly #onClosed = (): void => this.#body.stop(givenUp());

  constructor(
    body: AnswerBody,
    writable: Writable,
    onTrailers: ((trailers: readonly string[]) => void) | undefined,
    resolve: () => void,
    reject: (error: ServiceError) => void,
  ) {
    this.#body = body;
    this.#writable = writable;
    this.#onTrailers = onTrailers;
    this.#resolve = resolve;
    this.#reject = reject;
    writable.on('drain', this.#onDrain).on('close', this.#onClosed).on('error', this.#onClosed);
  }

  piece(piece: Buffer): boolean {
    if (!this.#writable.destroyed) return this.#writable.write(piece);
    this.#onClosed();
    return false;
  }

  end(trailers: readonly string[]): void {
    if (this.#writable.destroyed) return this.#onClosed();
    this.#leave();
    if (trailers.length > 0) this.#onTrailers?.(trailers);
    this.#writable.end();
    this.#resolve();
  }

  fail(error: ServiceError): void {
    this.#leave();
    this.#writable.destroy();
    this.#reject(error);
  }

  #leave(): void {
    this.#writable.off('drain', this.#onDrain).off('close', this.#onClosed).off('error', this.#onClosed);
  }
}

/** Takes all of it, up to a limit. */
class Collector implements Reader {
  readonly #body: AnswerBody;
  readonly #limit: number;
  readonly #resolve: (bytes: Uint8Array) => void;
  readonly #reject: (error: ServiceError) => void;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(
    body: AnswerBody,
    limit: number,
    resolve: (bytes: Uint8Array) => void,
    reject: (error: ServiceError) => void,
  ) {
    this.#body = body;
    this.#limit = limit;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  piece(piece: Buffer): boolean {
    this.#size += piece.length;
    if (this.#size <= this.#limit) this.#pieces.push(piece);
    else this.#body.stop(tooLarge());
    return true;
  }

  end(): void {
    this.#resolve(joined(this.#pieces));
  }

  fail(error: ServiceError): void {
    this.#reject(error);
  }
}
