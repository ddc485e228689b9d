import { Readable } from 'node:stream';

/** Bytes. A body in memory that is larger is sent in pieces, so that it can be seen whether the instance takes them. */
const PIECE = 65_536;

/** A body as undici reads it. The stream that it may come from is the caller's, and stays as it is when a request fails. */
export class RequestBody extends Readable {
  /** When the instance ceased to take it; undefined as long as it does. */
  stalledAt: number | undefined;
  /** Why the stream behind it ended too early. */
  broken: unknown;
  readonly #now: () => number;
  readonly #source: Readable | undefined;
  #attached = false;

  private constructor(now: () => number, source?: Readable) {
    super();
    this.#now = now;
    this.#source = source;
  }

  /** What to hand to undici. */
  static of(body: Uint8Array | Readable | undefined, now: () => number): Uint8Array | RequestBody | null {
    if (body === undefined) return null;
    if (!(body instanceof Uint8Array)) return new RequestBody(now, body);
    if (body.length <= PIECE) return body;
    const whole = new RequestBody(now);
    for (let at = 0; at < body.length; at += PIECE) whole.push(body.subarray(at, at + PIECE));
    whole.push(null);
    return whole;
  }

  override pause(): this {
    this.stalledAt ??= this.#now();
    return super.pause();
  }

  override resume(): this {
    this.stalledAt = undefined;
    return super.resume();
  }

  override _read(): void {
    if (this.#attached) this.#source?.resume();
    else this.#attach();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#detach();
    done(error);
  }

  #attach(): void {
    const source = this.#source;
    if (!source) return;
    this.#attached = true;
    if (source.readableEnded) return void this.push(null);
    if (source.destroyed) return this.#onBroken(source.errored);
    source.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onBroken).on('close', this.#onBroken);
  }

  #detach(): void {
    if (!this.#attached) return;
    this.#source?.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onBroken);
    this.#source?.off('close', this.#onBroken).pause();
  }

  readonly #onData = (chunk: unknown): void => {
    if (!this.push(chunk)) this.#source?.pause();
  };

  readonly #onEnd = (): void => {
    this.#source?.off('error', this.#onBroken).off('close', this.#onBroken);
    this.push(null);
  };

  readonly #onBroken = (cause?: unknown): void => {
    this.broken = cause ?? new Error('The stream of a request body was closed before its end');
    this.destroy(this.broken instanceof Error ? this.broken : new Error('The stream of a request body failed'));
  };
}
