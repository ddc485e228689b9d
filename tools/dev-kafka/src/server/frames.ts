import { MalformedRequest } from '../wire/reader.js';

/** Bytes of the length before each request. */
const LENGTH = 4;

/** Cuts what a socket delivers into requests. */
export class Frames {
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(readonly maxRequestBytes: number) {}

  /** Bytes kept of a request that is not complete. */
  get pending(): number {
    return this.#bytes;
  }

  /** The requests that this chunk completes, without their length. Throws `MalformedRequest`. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const requests: Buffer[] = [];
    for (let end = this.#firstEnd(); end !== undefined && end <= this.#bytes; end = this.#firstEnd()) {
      const all = this.#join();
      requests.push(all.subarray(LENGTH, end));
      this.#chunks = [all.subarray(end)];
      this.#bytes = all.length - end;
    }
    return requests;
  }

  /** Where the first request ends, as soon as its length is known. Joins chunks only when it is complete. */
  #firstEnd(): number | undefined {
    if (this.#bytes < LENGTH) return undefined;
    const first = (this.#chunks[0]?.length ?? 0) >= LENGTH ? this.#chunks[0] : this.#join();
    const length = first?.readInt32BE(0) ?? 0;
    if (length < 8 || length > this.maxRequestBytes) {
      throw new MalformedRequest(`A request claims ${length} bytes, from 8 to ${this.maxRequestBytes} are allowed`);
    }
    return LENGTH + length;
  }

  #join(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#chunks;
    const all = others.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
