import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** A line of a log, and when it was written as far as it says so: JSON lines do, others belong to the one before. */
export interface LogLine {
  readonly name: string;
  readonly text: string;
  /** ISO 8601, which sorts as text. */
  readonly time: string;
}

/** The end of a log, and what is appended to it. A file that is renamed at its limit is followed under its name. */
export class LogTail {
  #position: number;
  #rest = '';
  #whole: boolean;
  #time = '';

  /** `tailBytes` is how much of what is there already the first `read` returns. */
  constructor(
    readonly name: string,
    readonly path: string,
    tailBytes: number,
  ) {
    this.#position = Math.max(0, statSync(path).size - tailBytes);
    this.#whole = this.#position === 0;
  }

  /** Lines since the last call. */
  read(): LogLine[] {
    const size = existsSync(this.path) ? statSync(this.path).size : 0;
    if (size < this.#position) this.#position = 0;
    if (size === this.#position) return [];
    const buffer = Buffer.alloc(size - this.#position);
    const file = openSync(this.path, 'r');
    this.#position += readSync(file, buffer, 0, buffer.length, this.#position);
    closeSync(file);
    const lines = (this.#rest + buffer.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    if (!this.#whole) lines.shift(); // the tail begins inside a line
    this.#whole = true;
    return lines.filter((text) => text !== '').map((text) => this.#line(text));
  }

  #line(text: string): LogLine {
    this.#time = /"time":"([^"]+)"/.exec(text)?.[1] ?? this.#time;
    return { name: this.name, text, time: this.#time };
  }
}

/** The lines of several logs in the order in which they were written. */
export const inOrder = (lines: readonly LogLine[]): LogLine[] =>
  lines.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
