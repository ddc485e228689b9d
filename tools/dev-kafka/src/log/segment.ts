import { rmSync } from 'node:fs';
import { type BatchHeader, HEADER_SIZE, isIntact, readHeader } from '../wire/record-batch.js';
import type { OpenFiles } from './open-files.js';

/** A place in the index for every so many bytes of log: a lookup reads that much, the memory is 1/1000 of the log. */
const INDEX_EVERY = 16 * 1024;
const WINDOW = 32 * 1024;

interface Located {
  readonly position: number;
  readonly header: BatchHeader;
}

/** One file of a partition's log: record batches as they came, back to back. Its name is its first offset. */
export class Segment {
  size = 0;
  nextOffset: number;
  /** Epoch milliseconds of the youngest record, -1 while there is none. */
  maxTimestamp = -1;
  readonly #index: { offset: number; position: number }[] = [];

  constructor(
    readonly path: string,
    readonly baseOffset: number,
    readonly files: OpenFiles,
  ) {
    this.nextOffset = baseOffset;
  }

  /**
   * Reads the file after a start and hands over every batch. With `verify` each checksum is computed. Stops before the
   * first batch that is torn, damaged or out of order, and returns how many bytes from there on it leaves out.
   */
  recover(verify: boolean, accept: (header: BatchHeader, position: number) => void): number {
    const end = this.files.size(this.path);
    for (const { position, header } of this.#batches(0, end)) {
      if (header.baseOffset !== this.nextOffset || position + header.size > end) break;
      if (verify && !isIntact(this.batchAt(position, header))) break;
      this.#extend(header);
      accept(header, position);
    }
    return end - this.size;
  }

  /** Drops what `recover` left out. */
  truncate(): void {
    this.files.truncate(this.path, this.size);
  }

  append(batch: Buffer, header: BatchHeader): void {
    this.files.write(this.path, this.size, batch);
    this.#extend(header);
  }

  /** Whole batches from the one that holds `offset`, all below `before`, up to `maxBytes` but at least one. */
  read(offset: number, before: number, maxBytes: number): Buffer {
    let start = -1;
    let end = -1;
    for (const { position, header } of this.#batches(this.#placeBefore(offset), this.size)) {
      if (header.lastOffset < offset) continue;
      if (header.baseOffset >= before) break;
      if (start >= 0 && position + header.size - start > maxBytes) break;
      if (start < 0) start = position;
      end = position + header.size;
    }
    return start < 0 ? Buffer.alloc(0) : this.files.read(this.path, start, end - start);
  }

  /** The first batch that has a record at or after this time. */
  firstSince(timestamp: number): Located | undefined {
    for (const located of this.#batches(0, this.size)) if (located.header.maxTimestamp >= timestamp) return located;
    return undefined;
  }

  batchAt(position: number, header: BatchHeader): Buffer {
    return this.files.read(this.path, position, header.size);
  }

  delete(): void {
    this.files.close(this.path);
    rmSync(this.path, { force: true });
  }

  #extend(header: BatchHeader): void {
    const last = this.#index.at(-1);
    if (!last || this.size - last.position >= INDEX_EVERY) {
      this.#index.push({ offset: header.baseOffset, position: this.size });
    }
    this.size += header.size;
    this.nextOffset = header.lastOffset + 1;
    this.maxTimestamp = Math.max(this.maxTimestamp, header.maxTimestamp);
  }

  /** Position of the last indexed batch that does not start after this offset. */
  #placeBefore(offset: number): number {
    let low = 0;
    let high = this.#index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#index[middle]?.offset ?? Infinity) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#index[low - 1]?.position ?? 0;
  }

  /** Walks the headers through a window, without reading the records of large batches. */
  *#batches(from: number, end: number): Generator<Located> {
    let window: Buffer = Buffer.alloc(0);
    let windowStart = from;
    for (let position = from; position + HEADER_SIZE <= end;) {
      if (position + HEADER_SIZE > windowStart + window.length) {
        window = this.files.read(this.path, position, Math.min(WINDOW, end - position));
        windowStart = position;
      }
      const header = readHeader(window, position - windowStart);
      if (!header) return;
      yield { position, header };
      position += header.size;
    }
  }
}
