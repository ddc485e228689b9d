import { ConnectionError, ErrorCode } from './frame.js';
import { huffmanDecoded } from './huffman.js';
import { STATIC_TABLE } from './static-table.js';

/** Header fields by name; of a repeated one the first counts. */
export type Fields = Readonly<Record<string, string>>;

/** What a peer may keep in the table: the default, which our SETTINGS leave (RFC 9113, section 6.5.2). */
const TABLE_BYTES = 4_096;

/** An entry counts as its strings and so much (RFC 7541, section 4.1). */
const ENTRY_OVERHEAD = 32;

/** Longest list of fields, counted likewise. It is told to the peer, and what comes all the same is not kept. */
export const LONGEST_LIST = 64 * 1024;

/** Takes header blocks apart (RFC 7541). One for each connection: what a block means depends on those before it. */
export class HpackDecoder {
  /** The newest is last. */
  readonly #table: (readonly [name: string, value: string])[] = [];
  #tableBytes = 0;
  #limit = TABLE_BYTES;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /** The fields of a block; undefined when they are too many. Throws ConnectionError for a block that cannot be read. */
  decode(block: Buffer): Fields | undefined {
    this.#block = block;
    this.#at = 0;
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    let bytes = 0;
    while (this.#at < block.length) {
      const entry = this.#next();
      if (!entry) continue;
      const [name, value] = entry;
      bytes += name.length + value.length + ENTRY_OVERHEAD;
      if (bytes <= LONGEST_LIST) fields[name] ??= value;
    }
    return bytes <= LONGEST_LIST ? fields : undefined;
  }

  /** The next field; undefined for a change of the table's size. */
  #next(): readonly [string, string] | undefined {
    const first = this.#block[this.#at] ?? 0;
    if (first & 0x80) return this.#entry(this.#integer(7));
    if (first & 0x40) return this.#remember(this.#literal(6));
    if (first & 0x20) return this.#resize(this.#integer(5));
    return this.#literal(4);
  }

  #entry(index: number): readonly [string, string] {
    const entry =
      index <= STATIC_TABLE.length
        ? STATIC_TABLE[index - 1]
        : this.#table[this.#table.length - (index - STATIC_TABLE.length)];
    if (!entry) throw unreadable(`no entry ${index}`);
    return entry;
  }

  #literal(prefixBits: number): readonly [string, string] {
    const index = this.#integer(prefixBits);
    const name = index === 0 ? this.#string() : this.#entry(index)[0];
    return [name, this.#string()];
  }

  #remember(entry: readonly [string, string]): readonly [string, string] {
    this.#table.push(entry);
    this.#tableBytes += sizeOf(entry);
    this.#evict();
    return entry;
  }

  #resize(limit: number): undefined {
    if (limit > TABLE_BYTES) throw unreadable('a larger table than allowed');
    this.#limit = limit;
    this.#evict();
  }

  #evict(): void {
    while (this.#tableBytes > this.#limit) {
      const oldest = this.#table.shift();
      this.#tableBytes -= oldest ? sizeOf(oldest) : this.#tableBytes;
    }
  }

  #integer(prefixBits: number): number {
    const full = (1 << prefixBits) - 1;
    let value = this.#byte() & full;
    if (value < full) return value;
    for (let shift = 0; ; shift += 7) {
      if (shift > 21) throw unreadable('a number that is too large');
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #string(): string {
    const coded = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#block.length) throw unreadable('a string that is cut off');
    return coded
      ? huffmanDecoded(this.#block.subarray(from, this.#at))
      : this.#block.toString('latin1', from, this.#at);
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw unreadable('a block that is cut off');
    return byte;
  }
}

const sizeOf = ([name, value]: readonly [string, string]): number => name.length + value.length + ENTRY_OVERHEAD;

const unreadable = (what: string) => new ConnectionError(ErrorCode.COMPRESSION_ERROR, `headers with ${what}`);
