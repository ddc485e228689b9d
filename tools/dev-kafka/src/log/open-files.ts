import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * Files opened when needed, the least recently used closed beyond `limit`, so that many partitions do not use up the
 * descriptors of the process. Synchronous: a write has reached the kernel when `write` returns, and survives kill -9.
 */
export class OpenFiles {
  readonly #descriptors = new Map<string, number>();

  constructor(readonly limit: number) {}

  size(path: string): number {
    return fstatSync(this.#descriptor(path)).size;
  }

  /** Up to `length` bytes: less at the end of the file. */
  read(path: string, position: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    const descriptor = this.#descriptor(path);
    let done = 0;
    while (done < length) {
      const count = readSync(descriptor, buffer, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return buffer.subarray(0, done);
  }

  /** All of it, or an error: then what lies beyond `position` is undefined and the next write there replaces it. */
  write(path: string, position: number, bytes: Buffer): void {
    const descriptor = this.#descriptor(path);
    let done = 0;
    while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }

  truncate(path: string, size: number): void {
    ftruncateSync(this.#descriptor(path), size);
  }

  /** Must come before a file is deleted or renamed. */
  close(path: string): void {
    const descriptor = this.#descriptors.get(path);
    if (descriptor === undefined) return;
    this.#descriptors.delete(path);
    closeSync(descriptor);
  }

  closeAll(): void {
    for (const path of [...this.#descriptors.keys()]) this.close(path);
  }

  #descriptor(path: string): number {
    const known = this.#descriptors.get(path);
    const descriptor = known ?? openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    this.#descriptors.delete(path); // and in again as the most recent one
    this.#descriptors.set(path, descriptor);
    const oldest = this.#descriptors.keys().next().value;
    if (this.#descriptors.size > this.limit && oldest !== undefined) this.close(oldest);
    return descriptor;
  }
}
