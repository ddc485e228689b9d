import { RollingCount } from './rolling-count.js';

/**
 * Ratio and window are those of Finagle and Linkerd (https://finagle.github.io/blog/2016/02/08/retry-budgets/: 20 %, 10 s).
 * Their floor of ten a second would be half a second's traffic of a service with 200 requests a second; three is enough for
 * the calls that one dying instance of a quiet service takes with it, thirty in ten seconds.
 */
const DEFAULTS = { ratio: 0.2, floorPerSecond: 3, windowMs: 10_000 };

export interface RetryBudgetOptions {
  /** Retries for each request: 0.2 allows one for every five. */
  readonly ratio?: number;
  /** Retries a second that are allowed however few requests there are. */
  readonly floorPerSecond?: number;
  readonly windowMs?: number;
}

/** How often calls may be repeated, so that retries cannot multiply the load of a service that fails. One per service called. */
export interface RetryBudget {
  /** A first attempt goes out. */
  onRequest(now: number): void;
  /** Whether one more retry may go out now; if so it is spent. */
  take(now: number): boolean;
  /** Whole retries that could be taken now. */
  left(now: number): number;
}

/**
 * The law: whenever a retry is granted, the retries of the window, this one included, are at most
 * max(floorPerSecond × window, ratio × requests of the window).
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { ratio, floorPerSecond, windowMs } = { ...DEFAULTS, ...options };
  const floor = (floorPerSecond * windowMs) / 1000;
  const requests = new RollingCount(windowMs);
  const retries = new RollingCount(windowMs);
  const left = (now: number): number =>
    Math.max(0, Math.floor(Math.max(floor, ratio * requests.atLeast(now)) - retries.atMost(now)));
  return {
    onRequest: (now) => requests.add(now),
    take: (now) => {
      if (left(now) < 1) return false;
      retries.add(now);
      return true;
    },
    left,
  };
}
