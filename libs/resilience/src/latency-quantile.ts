/**
 * Buckets grow by 10 %, so that an answer is within 5 % of a latency that was seen: the sketch of Masson, Rim and Lee,
 * "DDSketch", VLDB 2019 (https://www.vldb.org/pvldb/vol12/p2195-masson.pdf), with a fixed range.
 */
const GROWTH = 1.1;
const SMALLEST_MS = 0.1;
/** Up to a bit over five minutes. */
const BUCKETS = 160;

export interface LatencyQuantile {
  record(latencyMs: number, now: number): void;
  /** Milliseconds; undefined while too little is known. */
  value(now: number): number | undefined;
}

export interface LatencyQuantileOptions {
  /** From 0 to 1. */
  readonly quantile: number;
  /** What is older than twice this is forgotten. */
  readonly windowMs: number;
  /** Latencies below which there is no answer. */
  readonly minimumVolume: number;
}

/** Estimates a quantile of recent latencies in constant memory: of the present window and the one before. */
export function latencyQuantile({ quantile, windowMs, minimumVolume }: LatencyQuantileOptions): LatencyQuantile {
  let present = new Uint32Array(BUCKETS);
  let before = new Uint32Array(BUCKETS);
  let window = -Infinity;
  let volume = 0;

  const advance = (now: number): void => {
    const next = Math.floor(now / windowMs);
    if (next <= window) return;
    const adjacent = next === window + 1;
    [before, present] = [present, before];
    present.fill(0);
    if (!adjacent) before.fill(0);
    volume = before.reduce((sum, count) => sum + count, 0);
    window = next;
  };

  return {
    record: (latencyMs, now) => {
      advance(now);
      const bucket = bucketOf(latencyMs);
      present[bucket] = (present[bucket] ?? 0) + 1;
      volume += 1;
    },
    value: (now) => {
      advance(now);
      if (volume < minimumVolume) return undefined;
      let rank = Math.ceil(quantile * volume);
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        rank -= (present[bucket] ?? 0) + (before[bucket] ?? 0);
        if (rank <= 0) return middleOf(bucket);
      }
      return middleOf(BUCKETS - 1);
    },
  };
}

const bucketOf = (latencyMs: number): number =>
  latencyMs > SMALLEST_MS ? Math.min(BUCKETS - 1, Math.ceil(Math.log(latencyMs / SMALLEST_MS) / Math.log(GROWTH))) : 0;

const middleOf = (bucket: number): number => SMALLEST_MS * GROWTH ** (bucket - 0.5);
