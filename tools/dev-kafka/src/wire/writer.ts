/** Bytes before the body of an answer: its length and the number that tells which request it belongs to. */
const HEAD = 8;

/** Writes an answer: the primitive types of Kafka's protocol in order, all big-endian, into one growing buffer. */
export class WireWriter {
  #buffer = Buffer.allocUnsafe(256);
  #length = HEAD;

  int8(value: number): this {
    const start = this.#grow(1);
    this.#buffer.writeInt8(value, start);
    return this;
  }

  int16(value: number): this {
    const start = this.#grow(2);
    this.#buffer.writeInt16BE(value, start);
    return this;
  }

  int32(value: number): this {
    const start = this.#grow(4);
    this.#buffer.writeInt32BE(value, start);
    return this;
  }

  int64(value: number): this {
    const start = this.#grow(8);
    this.#buffer.writeBigInt64BE(BigInt(value), start);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value, 'utf8');
    return this.int16(bytes.length).#raw(bytes);
  }

  bytes(value: Buffer): this {
    return this.int32(value.length).#raw(value);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    items.forEach((item) => write(item));
    return this;
  }

  /** The answer as it is sent: what was written, after its head. */
  framed(correlationId: number): Buffer {
    this.#buffer.writeInt32BE(this.#length - 4, 0); // the length does not count itself
    this.#buffer.writeInt32BE(correlationId, 4);
    return this.#buffer.subarray(0, this.#length);
  }

  #raw(bytes: Buffer): this {
    const start = this.#grow(bytes.length);
    bytes.copy(this.#buffer, start);
    return this;
  }

  /** Makes room and returns where it begins. May exchange the buffer: call it before touching that. */
  #grow(size: number): number {
    const start = this.#length;
    this.#length += size;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    return start;
  }
}
