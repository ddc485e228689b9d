import { readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@trellis/telemetry';
import type { KeptState } from './kept.js';
import { MAX_TEXT, readKept, writeKept } from './kept-text.js';

/** Milliseconds after a change: what changes together is written together, and a burst costs a write a second. */
const SETTLE = 1_000;

/** Keeps the catalogue over a restart. What cannot be read or written is logged, and the registry goes on without. */
export class SnapshotFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #closed = new AbortController();
  #state: (() => KeptState) | undefined;
  #dirty = false;
  #writing: Promise<void> | undefined;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** What the life before has kept; undefined when there is nothing, or nothing usable. */
  read(): KeptState | undefined {
    try {
      const there = statSync(this.#path, { throwIfNoEntry: false });
      if (!there) return undefined;
      if (!there.isFile()) throw new Error('It is no file'); // to read a device or a pipe may never end
      if (there.size > 2 * MAX_TEXT) throw new Error('The file is too large');
      return readKept(readFileSync(this.#path, 'utf8'));
    } catch (error) {
      this.#logger.error({ err: error, file: this.#path }, 'the snapshot cannot be used, the registry starts empty');
      return undefined;
    }
  }

  /** From now on it is `state()` that is written. */
  keep(state: () => KeptState): void {
    this.#state = state;
  }

  /** Something has changed and is to be written soon. */
  changed(): void {
    this.#dirty = true;
    if (this.#closed.signal.aborted) return;
    this.#writing ??= this.#settle().finally(() => {
      this.#writing = undefined;
      if (this.#dirty) this.changed();
    });
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#writing;
    if (this.#dirty) await this.#write();
  }

  async #settle(): Promise<void> {
    await sleep(SETTLE, undefined, { signal: this.#closed.signal }).catch(() => undefined); // closing does not wait
    await this.#write();
  }

  async #write(): Promise<void> {
    const state = this.#state?.();
    if (!state) return;
    this.#dirty = false;
    const temporary = `${this.#path}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(writeKept(state));
        await file.sync(); // or a power cut may leave the new name with nothing in it
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (error) {
      this.#logger.error({ err: error, file: this.#path }, 'the snapshot could not be written');
      await rm(temporary, { force: true }).catch(() => undefined); // the same trouble again
    }
  }
}
