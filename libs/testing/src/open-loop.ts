/** One call of a load. */
export interface Sample {
  /** Milliseconds since the load began at which the call was due; it was sent then or a moment later. */
  readonly at: number;
  /** Milliseconds from when it was due to its end, so that a caller that is late itself does not look fast. */
  readonly latency: number;
  /** What the call made of itself: "ok", a status, the instance that answered. */
  readonly outcome: string;
}

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** Returns the outcome. A rejection is one too: the error's message. */
  readonly call: (index: number) => Promise<string>;
  /** Ends the load early; calls under way are waited for. */
  readonly signal?: AbortSignal;
}

/**
 * Calls at a fixed rate, whether or not earlier calls have been answered: a slow answer does not hide the calls that would
 * have failed meanwhile ("coordinated omission"). Each call needs a deadline of its own. Resolves when all have ended.
 */
export async function openLoop({ perSecond, seconds, call, signal }: Load): Promise<LoadReport> {
  const samples: Sample[] = [];
  const start = performance.now();
  const one = async (index: number, due: number): Promise<void> => {
    const outcome = await call(index).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    samples.push({ at: due - start, latency: performance.now() - due, outcome });
  };
  const calls: Promise<void>[] = [];
  const total = Math.round(perSecond * seconds);
  for (let index = 0; index < total && signal?.aborted !== true; index += 1) {
    const due = start + (index * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    calls.push(one(index, due));
  }
  await Promise.all(calls);
  return new LoadReport(samples);
}

/** What became of a load. */
export class LoadReport {
  constructor(readonly samples: readonly Sample[]) {}

  get sent(): number {
    return this.samples.length;
  }

  /** How often each outcome came. */
  get outcomes(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { outcome } of this.samples) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  }

  count(outcome: string): number {
    return this.outcomes[outcome] ?? 0;
  }

  /** Only the calls with this outcome. */
  of(outcome: string): LoadReport {
    return new LoadReport(this.samples.filter((sample) => sample.outcome === outcome));
  }

  /** Only the calls that were due between these milliseconds of the load. */
  between(from: number, to = Infinity): LoadReport {
    return new LoadReport(this.samples.filter(({ at }) => at >= from && at < to));
  }

  /** The latency that this share (0 to 1) of the calls did not exceed, in milliseconds. NaN when there were none. */
  quantile(share: number): number {
    const sorted = this.samples.map(({ latency }) => latency).toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  }

  /** For a story's output: `p50 12 ms, p99 80 ms, longest 95 ms`. */
  get latencies(): string {
    const show = (share: number): string => `${this.quantile(share).toFixed(0)} ms`;
    return `p50 ${show(0.5)}, p99 ${show(0.99)}, longest ${show(1)}`;
  }
}
