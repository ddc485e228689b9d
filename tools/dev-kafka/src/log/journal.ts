import { renameSync } from 'node:fs';
import { crc32c } from '../wire/crc32c.js';
import type { OpenFiles } from './open-files.js';

/** Bytes before each entry: its length and its checksum. */
const FRAME = 8;

/**
 * A file of JSON entries that are applied in order after a start: what must survive and is not in the topics. An entry
 * is in the file before the memory changes. It is rewritten from the memory when it has grown far beyond that.
 */
export class Journal<Entry> {
  #size = 0;
  #compactAt = 0;

  constructor(
    readonly path: string,
    readonly files: OpenFiles,
    /** Entries that bring an empty memory to the present state. */
    readonly snapshot: () => Iterable<Entry>,
    /** It is not rewritten below this many bytes. */
    readonly minBytes = 4 * 1024 * 1024,
  ) {}

  /**
   * Applies every intact entry and cuts off a torn tail, which was never acknowledged; returns its size in bytes. To be
   * called once, first.
   */
  replay(apply: (entry: Entry) => void): number {
    const content = this.files.read(this.path, 0, this.files.size(this.path));
    while (content.length - this.#size >= FRAME) {
      const start = this.#size + FRAME;
      const end = start + content.readUInt32BE(this.#size);
      const payload = content.subarray(start, end);
      if (end > content.length || end === start || crc32c(payload) !== content.readUInt32BE(this.#size + 4)) break;
      apply(JSON.parse(payload.toString('utf8')) as Entry);
      this.#size = end;
    }
    this.files.truncate(this.path, this.#size);
    this.#compactAt = this.minBytes;
    return content.length - this.#size;
  }

  append(entry: Entry): void {
    const framed = frame(entry);
    this.files.write(this.path, this.#size, framed);
    this.#size += framed.length;
  }

  /** To be called between requests, when the memory has taken in every entry. */
  compactIfLarge(): void {
    if (this.#size < this.#compactAt) return;
    const draft = `${this.path}.new`;
    const content = Buffer.concat([...this.snapshot()].map(frame));
    this.files.truncate(draft, 0);
    this.files.write(draft, 0, content);
    this.files.close(draft);
    this.files.close(this.path);
    renameSync(draft, this.path);
    this.#size = content.length;
    this.#compactAt = Math.max(this.minBytes, content.length * 4);
  }
}

function frame(entry: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(entry), 'utf8');
  const head = Buffer.alloc(FRAME);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(crc32c(payload), 4);
  return Buffer.concat([head, payload]);
}
