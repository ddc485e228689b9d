import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs';

/** A log that reached this size becomes `NAME.log.1`, and the one of that name is dropped. */
const ROTATE_BYTES = 10 * 1024 * 1024;

/** Appends to one file and keeps at most two generations of it. */
export class LogFile {
  #size: number;

  constructor(readonly path: string) {
    this.#size = existsSync(path) ? statSync(path).size : 0;
  }

  write(chunk: Buffer): void {
    try {
      if (this.#size > ROTATE_BYTES) {
        renameSync(this.path, `${this.path}.1`);
        this.#size = 0;
      }
      appendFileSync(this.path, chunk);
      this.#size += chunk.length;
    } catch {
      return; // a full disk must not end the platform: the services go on, their log has a gap
    }
  }
}
