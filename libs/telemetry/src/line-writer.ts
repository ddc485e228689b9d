import { write, writeSync } from 'node:fs';

/** Bytes written at once: half of what a pipe holds. */
const MOST_AT_ONCE = 32_768;
/** Bytes that wait for a reader who is slow; twice as many when they matter. What comes on top is dropped. */
const MOST_WAITING = 1_048_576;
/** How long a line waits for others. */
const GATHER_MS = 100;
/** How long to leave a full pipe alone that does not block: longer each time. How long to try at the end of the process. */
const FULL = { firstMs: 1, longestMs: 50, atExitMs: 500 };

/**
 * The one writer of lines to a file or pipe: those that matter at once, those that come with every request beside whatever
 * goes on, many in one write. A write to a pipe that is larger than 4 KiB may be cut by another one (pipe(7), PIPE_BUF), so
 * there is never more than one under way, and every line stays whole.
 */
export class LineWriter {
  readonly #fd: number;
  /** What is to be written next. Each text is whole lines, as many as are written at once; the last of them grows. */
  readonly #texts: string[] = [];
  /** Lines that could not be written at once: before all others. */
  readonly #urgent: string[] = [];
  /** Bytes of the last text, and of everything that waits. */
  #lastBytes = 0;
  #bytes = 0;
  #writing = false;
  /** What is to be written when the pipe has room again. */
  #stalled: Buffer | undefined;
  #waitMs = FULL.firstMs;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #whenIdle: (() => void)[] = [];

  constructor(fd: number) {
    this.#fd = fd;
    process.on('exit', () => this.#finish());
  }

  /** Lines that were dropped since the last time that somebody asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Writes a line, with its line break, before it returns; next, if a write is under way. */
  writeNow(line: string): void {
    if (this.#writing) {
      const bytes = Buffer.byteLength(line);
      if (this.#isTaken(bytes, 2 * MOST_WAITING)) this.#urgent.push(line);
      return;
    }
    const rest = attempt(this.#fd, Buffer.from(line));
    if (rest.length === 0) return;
    this.#bytes += rest.length;
    this.#writing = true;
    this.#later(rest);
  }

  /** Writes a line, with its line break, within a moment, together with others. */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (!this.#isTaken(bytes, MOST_WAITING)) return;
    const last = this.#texts.length - 1;
    if (last >= 0 && this.#lastBytes + bytes <= MOST_AT_ONCE) {
      this.#texts[last] += line;
      this.#lastBytes += bytes;
    } else {
      this.#texts.push(line);
      this.#lastBytes = bytes;
    }
    if (this.#texts.length > 1) this.#next();
    else this.#gather();
  }

  /** When all that was given to it is written, or cannot be. */
  async flush(): Promise<void> {
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#next();
    await idle;
  }

  #isTaken(bytes: number, most: number): boolean {
    if (this.#bytes + bytes > most) {
      this.#dropped += 1;
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  #gather(): void {
    this.#timer ??= setTimeout(() => this.#next(), GATHER_MS).unref();
  }

  #next(): void {
    if (this.#writing) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#urgent.length > 0 ? this.#urgent.splice(0).join('') : this.#texts.shift();
    if (text === undefined) {
      for (const resolve of this.#whenIdle.splice(0)) resolve();
      return;
    }
    this.#writing = true;
    this.#write(Buffer.from(text));
  }

  #write(rest: Buffer): void {
    this.#stalled = undefined;
    write(this.#fd, rest, (error, written) => {
      if (error?.code === 'EAGAIN') return this.#later(rest);
      this.#waitMs = FULL.firstMs;
      this.#bytes -= error ? rest.length : written; // who reads no more is not waited for
      if (!error && written < rest.length) return this.#write(rest.subarray(written));
      this.#writing = false;
      // A text that still grows waits for its time, unless somebody waits for it.
      if (this.#urgent.length > 0 || this.#texts.length > 1 || this.#whenIdle.length > 0) this.#next();
      else if (this.#texts.length === 1) this.#gather();
    });
  }

  #later(rest: Buffer): void {
    this.#stalled = rest;
    setTimeout(() => this.#write(rest), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, FULL.longestMs);
  }

  /** The process ends. What Node is writing it still writes; the rest is written here, if somebody reads it. */
  #finish(): void {
    const stalled = this.#stalled ? [this.#stalled] : [];
    const texts = [...this.#urgent.splice(0), ...this.#texts.splice(0)].map((text) => Buffer.from(text));
    let rest: Buffer = Buffer.concat([...stalled, ...texts]);
    for (let left = FULL.atExitMs; rest.length > 0 && left > 0; left -= FULL.firstMs) {
      rest = attempt(this.#fd, rest);
      if (rest.length > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL.firstMs);
    }
  }
}

/** Writes as much as there is room for. What it returns is still to be written; nothing when nobody reads any more. */
function attempt(fd: number, text: Buffer): Buffer {
  let rest = text;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return rest;
    return rest.subarray(rest.length);
  }
  return rest;
}

let standard: LineWriter | undefined;

/** The one of this process's stdout. */
export const stdoutLines = (): LineWriter => (standard ??= new LineWriter(1));
