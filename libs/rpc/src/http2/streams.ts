import { ConnectionError, ErrorCode } from './frame.js';
import type { Fields } from './hpack-decoder.js';
import { OpenStreams } from './open-streams.js';
import type { Outbox } from './outbox.js';
import type { Upload, Uploads } from './uploads.js';

/** Why a stream ended without its answer. */
export type StreamEnd =
  /** The peer said that it never looked at it. */
  | 'unseen'
  /** The peer ended it because it is overloaded. */
  | 'calmed'
  /** The peer ended it, or the connection broke. */
  | 'lost';

/** Who hears of one stream. Nothing comes after `last` or `broken`. */
export interface Receiver {
  /** Headers or trailers; undefined when they were too many. */
  head(fields: Fields | undefined, last: boolean): void;
  /** `piece` is only good until the function returns. */
  data(piece: Buffer, last: boolean): void;
  broken(end: StreamEnd, cause?: unknown): void;
}

interface Stream {
  readonly id: number;
  readonly receiver: Receiver;
  readonly upload: Upload;
}

/** The streams of one connection that are under way. All were opened by this side: the peer may open none. */
export class Streams {
  readonly #outbox: Outbox;
  readonly #uploads: Uploads;
  readonly #open = new OpenStreams<Stream>();
  #lastOpened = -1;

  constructor(outbox: Outbox, uploads: Uploads) {
    this.#outbox = outbox;
    this.#uploads = uploads;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Sends a request, whose body must not be empty, and gives the new stream's id. */
  open(block: Buffer, body: Buffer, receiver: Receiver): number {
    const id = (this.#lastOpened += 2);
    this.#outbox.headers(id, block);
    this.#open.add({ id, receiver, upload: this.#uploads.start(id, body) });
    return id;
  }

  /** Nobody waits for the answer any more. False when it has ended. */
  cancel(id: number): boolean {
    if (!this.#take(id)) return false;
    this.#outbox.reset(id, ErrorCode.CANCEL);
    return true;
  }

  head(id: number, fields: Fields | undefined, last: boolean): void {
    this.#heard(id, last)?.receiver.head(fields, last);
  }

  data(id: number, piece: Buffer, last: boolean): void {
    this.#heard(id, last)?.receiver.data(piece, last);
  }

  reset(id: number, code: number): void {
    const end = code === ErrorCode.REFUSED_STREAM ? 'unseen' : code === ErrorCode.ENHANCE_YOUR_CALM ? 'calmed' : 'lost';
    this.#take(id)?.receiver.broken(end, new Error(`HTTP/2: the stream was reset with code ${code}`));
  }

  /** Takes those out that the peer will not look at. Their receivers are told by whoever asked. */
  takeAfter(lastSeen: number): Receiver[] {
    const unseen = this.#open.after(lastSeen);
    for (const { id } of unseen) this.#take(id);
    return unseen.map(({ receiver }) => receiver);
  }

  /** Throws for the id of a stream that was never opened; one that has ended is known. */
  assertOpened(id: number): void {
    if (id > 0 && id % 2 === 1 && id <= this.#lastOpened) return;
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a frame for stream ${id}`);
  }

  /** With `last` its answer is complete: an unfinished request is of no use to the peer any more. */
  #heard(id: number, last: boolean): Stream | undefined {
    if (!last) return this.#open.get(id);
    const stream = this.#take(id);
    if (stream && !stream.upload.done) this.#outbox.reset(id, ErrorCode.NO_ERROR);
    return stream;
  }

  #take(id: number): Stream | undefined {
    const stream = this.#open.take(id);
    if (stream && !stream.upload.done) this.#uploads.forget(id);
    return stream;
  }
}
