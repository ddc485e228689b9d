/** What a client sent is not what the protocol says. The connection ends: nothing after it can be trusted. */
export class MalformedRequest extends Error {}

/** Reads the primitive types of Kafka's protocol in order, all big-endian. Throws `MalformedRequest` past the end. */
export class WireReader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int8(): number {
    return this.#buffer.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#advance(4));
  }

  /** Offsets, times and producer ids stay far below 2^53: one beyond it is refused instead of rounded. */
  int64(): number {
    const value = Number(this.#buffer.readBigInt64BE(this.#advance(8)));
    if (!Number.isSafeInteger(value)) throw new MalformedRequest(`A number of 64 bits is out of range: ${value}`);
    return value;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  nullableString(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const start = this.#advance(length);
    return this.#buffer.toString('utf8', start, start + length);
  }

  string(): string {
    const value = this.nullableString();
    if (value === null) throw new MalformedRequest('A string is null');
    return value;
  }

  /** A view of the request, not a copy: copy what outlives it. */
  nullableBytes(): Buffer | null {
    const length = this.int32();
    if (length < 0) return null;
    const start = this.#advance(length);
    return this.#buffer.subarray(start, start + length);
  }

  bytes(): Buffer {
    return this.nullableBytes() ?? Buffer.alloc(0);
  }

  nullableArray<T>(item: () => T): T[] | null {
    const length = this.int32();
    if (length < 0) return null;
    // Every item takes a byte or more, so a length beyond the rest is a lie that must not make us allocate.
    if (length > this.#buffer.length - this.#position) throw new MalformedRequest(`An array claims ${length} items`);
    return Array.from({ length }, item);
  }

  array<T>(item: () => T): T[] {
    return this.nullableArray(item) ?? [];
  }

  #advance(size: number): number {
    const start = this.#position;
    if (start + size > this.#buffer.length) throw new MalformedRequest('The request ends too early');
    this.#position += size;
    return start;
  }
}
