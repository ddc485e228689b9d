/** First ceiling in milliseconds: well inside the registry's grace, so that a broken stream is mended before it shows. */
const BASE = 200;
/** Highest ceiling in milliseconds: after a long outage everybody is back within this time. */
const CAP = 5_000;
/** A refusal is mended by a person: trying faster only fills logs. Milliseconds. */
const REFUSED = 10_000;

/**
 * Milliseconds to wait before the next attempt after `failures` failed ones in a row: exponential backoff with full
 * jitter. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(failures: number, random: () => number): number {
  return random() * Math.min(CAP, BASE * 2 ** failures);
}

/** Milliseconds to wait after the registry has refused the credential or the announcement. */
export function refusalPause(random: () => number): number {
  return REFUSED / 2 + random() * REFUSED;
}
