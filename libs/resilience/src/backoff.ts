export interface BackoffOptions {
  /** Longest wait before the first retry, in milliseconds. */
  readonly baseMs: number;
  /** Longest wait of all. */
  readonly capMs: number;
}

/**
 * Milliseconds to wait before retry number `retry`, from 1: anything between nothing and a bound that doubles ("full jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so that callers that failed together do not
 * come back together.
 *
 * @param random from 0 to below 1
 */
export function backoff({ baseMs, capMs }: BackoffOptions, retry: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (retry - 1));
}
