import { latencyQuantile } from './latency-quantile.js';
import { retryBudget } from './retry-budget.js';

/**
 * J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013: a second request after the 95th percentile cuts the tail
 * for about 5 % more load. The budget is twice that, so that a shift of all latencies cannot double the load.
 */
const DEFAULTS = { quantile: 0.95, budget: 0.1, minDelayMs: 2 };
/** Long enough for a service with two calls a second to be known. */
const WINDOW_MS = 30_000;
/** A 95th percentile needs a handful of latencies above it. */
const MINIMUM_VOLUME = 50;

export interface HedgingOptions {
  /** Latency after which a second attempt goes out, as a quantile of recent ones. */
  readonly quantile?: number;
  /** Second attempts for each request. */
  readonly budget?: number;
  /** Never sooner: below it two calls cost more than the wait. */
  readonly minDelayMs?: number;
}

/** When to ask a second instance because the first is slow to answer. For repeatable calls only. One per method. */
export interface Hedging {
  onRequest(now: number): void;
  /** Milliseconds after which a second attempt may go out; undefined while the usual latency is not known. */
  delay(now: number): number | undefined;
  /** Asked when the delay has passed: whether the second attempt may go out. If so it is spent. */
  take(now: number): boolean;
  /**
   * Latency of an attempt, first or second, or what it took until it was given up because the other one had answered:
   * without those the usual seems faster than it is, and hedges go out twice as often.
   */
  record(latencyMs: number, now: number): void;
}

export function hedging(options: HedgingOptions = {}): Hedging {
  const { quantile, budget, minDelayMs } = { ...DEFAULTS, ...options };
  const latency = latencyQuantile({ quantile, windowMs: WINDOW_MS, minimumVolume: MINIMUM_VOLUME });
  const spending = retryBudget({ ratio: budget, floorPerSecond: 0 });
  return {
    onRequest: spending.onRequest,
    delay: (now) => {
      const usual = latency.value(now);
      return usual === undefined ? undefined : Math.max(minDelayMs, usual);
    },
    take: spending.take,
    record: latency.record,
  };
}
