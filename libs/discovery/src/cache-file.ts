import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from './logger.js';
import { type SavedList, readSavedList, writeSavedList } from './saved-list.js';

/** Changes come in bursts: milliseconds from the first one to the file. */
const SETTLE_MS = 1_000;
/** Writing takes no more than a hundredth of the time, however long the list. */
const SHARE = 100;
/** Bytes. No list of ours is longer; what is, is something else. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface CacheFileOptions {
  readonly path: string;
  readonly logger: Logger;
  /** What the file should hold now. */
  readonly list: () => SavedList;
}

/** The last good list on the disk: read once, and replaced as a whole some time after a change. It has no secrets. */
export class CacheFile {
  readonly #options: CacheFileOptions;
  #writing: NodeJS.Timeout | undefined;
  #lastTook = 0;
  #failing = false;

  constructor(options: CacheFileOptions) {
    this.#options = options;
  }

  /** Undefined when there is none, or none that is usable, which is logged. */
  read(now: number): SavedList | undefined {
    const { path, logger } = this.#options;
    try {
      const { size } = statSync(path);
      if (size > MAX_BYTES) throw new Error(`${size} bytes`);
      return readSavedList(readFileSync(path, 'utf8'), now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        logger.warn({ file: path, err: error }, 'the list of instances on the disk is not usable: goes on without it');
      }
      return undefined;
    }
  }

  /** The list has changed. */
  changed(): void {
    this.#writing ??= setTimeout(() => this.#write(), Math.max(SETTLE_MS, SHARE * this.#lastTook)).unref();
  }

  /** Writes what is still to be written. */
  close(): void {
    if (this.#writing) this.#write();
  }

  #write(): void {
    clearTimeout(this.#writing);
    this.#writing = undefined;
    const { path, logger, list } = this.#options;
    const began = performance.now();
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      replaceFile(path, writeSavedList(list()));
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) logger.warn({ file: path, err: error }, 'the list of instances cannot be kept on the disk');
      this.#failing = true;
    }
    this.#lastTook = performance.now() - began;
  }
}

/** Others may be writing the same file, in containers with the same pid too: each has a draft of its own. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
