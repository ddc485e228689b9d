import { type WriteStream, createWriteStream, existsSync, renameSync, statSync } from 'node:fs';

/** A log that reached this size becomes `NAME.log.1`, and the one of that name is dropped. */
const ROTATE_BYTES = 10 * 1024 * 1024;

/** Appends to one file and keeps at most two generations of it. */
export class LogFile {
  #stream: WriteStream;
  #size: number;

  constructor(readonly path: string) {
    this.#size = existsSync(path) ? statSync(path).size : 0;
    this.#stream = this.#open();
  }

  write(chunk: Buffer): void {
    if (this.#size > ROTATE_BYTES) {
      this.#stream.end();
      renameSync(this.path, `${this.path}.1`);
      this.#stream = this.#open();
      this.#size = 0;
    }
    this.#size += chunk.length;
    this.#stream.write(chunk);
  }

  close(): void {
    this.#stream.end();
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a' });
    // A full disk must not end the platform: the services go on, their log has a gap.
    stream.on('error', () => undefined);
    return stream;
  }
}
