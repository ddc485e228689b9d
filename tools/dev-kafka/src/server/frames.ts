import { MalformedRequest } from '../wire/reader.js';

/** Bytes of the length before each request. */
const LENGTH = 4;
/** Its key, version and correlation id. */
const SMALLEST_REQUEST = 8;

/** Cuts what a socket delivers into requests. */
export class Frames {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** So many bytes complete the next request, as far as is known. */
  #needed = LENGTH;

  constructor(readonly maxRequestBytes: number) {}

  /** Bytes kept of a request that is not complete. */
  get pending(): number {
    return this.#bytes;
  }

  /** The requests that this chunk completes, without their length. Throws `MalformedRequest`. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return [];
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const requests: Buffer[] = [];
    let position = 0;
    for (;;) {
      this.#needed = this.#sizeAt(all, position);
      const end = position + this.#needed;
      if (end > all.length) break;
      requests.push(all.subarray(position + LENGTH, end));
      position = end;
    }
    // Copied, because a view of a few bytes would keep a whole large request in memory.
    const rest = Buffer.from(all.subarray(position));
    this.#chunks = [rest];
    this.#bytes = rest.length;
    return requests;
  }

  /** Size of the request that begins there, with its length; only that of the length while it is not there yet. */
  #sizeAt(buffer: Buffer, position: number): number {
    if (buffer.length - position < LENGTH) return LENGTH;
    const length = buffer.readInt32BE(position);
    if (length < SMALLEST_REQUEST || length > this.maxRequestBytes) {
      throw new MalformedRequest(`A request claims ${length} bytes, at most ${this.maxRequestBytes} are allowed`);
    }
    return LENGTH + length;
  }
}
