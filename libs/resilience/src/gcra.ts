/** Entries looked at for each new key: two for one keeps those that are over at no more than those that count. */
const SWEPT = 2;
/** The same when there is no room left. */
const SWEPT_WHEN_FULL = 32;
/** Some 10 MB. */
const MAX_KEYS = 100_000;

export interface GcraOptions {
  /** Requests that a key may make at once after a rest; at least 1. */
  readonly burst: number;
  /** Milliseconds in which one more is allowed: 20 for 50 a second. */
  readonly intervalMs: number;
  /** Keys that are counted at a time. */
  readonly maxKeys?: number;
}

/** How often each of many keys (addresses, callers) may do something. */
export interface RateLimit {
  /**
   * One more for the key. What it returns is how many it has left after that, with the part of one that has grown since:
   * 2.4 are two more at once, and a third after 0.6 intervals. Negative when it was refused: −0.4 is one after 0.4 intervals.
   * What is refused costs nothing.
   *
   * @param now milliseconds, with fractions, of a clock that nobody sets
   */
  take(key: string, now: number): number;
  /** Keys that are kept. */
  readonly size: number;
}

/**
 * GCRA, the generic cell rate algorithm of ITU-T I.371 (as a virtual scheduling algorithm): of a key only the theoretical
 * arrival time is kept, the moment at which all that it was allowed will have been paid for at one an interval.
 *
 * The law: in no window of `t` milliseconds does a key get more than `burst + t ÷ intervalMs`. It depends on nothing that
 * other keys do.
 *
 * A key whose theoretical arrival time has passed is one that has rested: it is as good as new, and only then is it forgotten.
 * When all that are kept still count, new keys share one allowance, as if they were one: to forget a key would forgive it,
 * and who can make up keys would be forgiven for ever. A key counts for as long as it takes to pay for what it had, at most
 * `burst × intervalMs`: a table is full only if more than `maxKeys` come in such a time.
 */
export function gcra(options: GcraOptions): RateLimit {
  return new Gcra(options);
}

interface Entry {
  /** Theoretical arrival time. */
  tat: number;
}

class Gcra implements RateLimit {
  readonly #intervalMs: number;
  readonly #fullMs: number;
  readonly #maxKeys: number;
  readonly #entries = new Map<string, Entry>();
  /** Goes round the entries, and goes on where it was: to begin anew would mean to pass all that is gone each time. */
  #hand = this.#entries.entries();
  /** What new keys share when there is no room for them. */
  readonly #shared: Entry = { tat: -Infinity };

  constructor({ burst, intervalMs, maxKeys = MAX_KEYS }: GcraOptions) {
    this.#intervalMs = intervalMs;
    this.#fullMs = burst * intervalMs;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#entries.size;
  }

  take(key: string, now: number): number {
    const entry = this.#entries.get(key) ?? this.#entryFor(key, now);
    // No clock that goes back leaves anybody with more to pay for than was ever allowed at once.
    const owed = Math.min(Math.max(0, entry.tat - now), this.#fullMs);
    const left = (this.#fullMs - owed) / this.#intervalMs - 1;
    if (left >= 0) entry.tat = now + owed + this.#intervalMs;
    return left;
  }

  #entryFor(key: string, now: number): Entry {
    this.#sweep(this.#entries.size < this.#maxKeys ? SWEPT : SWEPT_WHEN_FULL, now);
    if (this.#entries.size >= this.#maxKeys) return this.#shared;
    // Whatever was shared is owed by each who may have had it.
    const entry = { tat: Math.max(now, this.#shared.tat) };
    this.#entries.set(key, entry);
    return entry;
  }

  #sweep(steps: number, now: number): void {
    for (let step = 0; step < steps; step++) {
      const { done, value } = this.#hand.next();
      if (done) {
        this.#hand = this.#entries.entries();
        return;
      }
      if (value[1].tat <= now) this.#entries.delete(value[0]);
    }
  }
}
