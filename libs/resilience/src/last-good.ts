export interface LastGoodOptions {
  /** Answers kept. */
  readonly max: number;
  /** Bytes of all answers kept. */
  readonly maxBytes: number;
  /** An older answer is no answer. */
  readonly ageMs: number;
}

/** The last good answer to each question, for the time when there is no better one. The least recently kept or used goes first. */
export interface LastGood<Answer> {
  /** An answer of more than the bytes of all is not kept. `bytes` is what it takes up. */
  keep(key: string, answer: Answer, bytes: number, now: number): void;
  /** The answer and its age in milliseconds. */
  find(key: string, now: number): { readonly answer: Answer; readonly ageMs: number } | undefined;
  readonly size: number;
  readonly bytes: number;
}

interface Kept<Answer> {
  readonly answer: Answer;
  readonly bytes: number;
  readonly at: number;
}

export function lastGood<Answer>({ max, maxBytes, ageMs }: LastGoodOptions): LastGood<Answer> {
  const kept = new Map<string, Kept<Answer>>();
  let total = 0;
  const forget = (key: string): void => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    keep: (key, answer, bytes, now) => {
      forget(key);
      if (bytes > maxBytes) return;
      kept.set(key, { answer, bytes, at: now });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (kept.size <= max && total <= maxBytes) break;
        forget(oldest);
      }
    },
    find: (key, now) => {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      if (now - found.at > ageMs) {
        total -= found.bytes;
        return undefined;
      }
      kept.set(key, found);
      return { answer: found.answer, ageMs: now - found.at };
    },
    get size() {
      return kept.size;
    },
    get bytes() {
      return total;
    },
  };
}
