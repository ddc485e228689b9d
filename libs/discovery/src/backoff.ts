/**
 * Ceiling of the first pause in milliseconds. A lone stream that breaks (a reset connection, a proxy that restarts) is
 * announced again well inside the registry's grace of 500 ms, and nobody sees more than a short SUSPECT.
 */
const MEND = 200;
/**
 * Ceiling of every later pause in milliseconds. The first attempt has found nobody, so the registry itself is gone, and
 * with it everybody's stream at the same moment: 5,000 announcers that come back uniformly over 4 s are 1,250 a second,
 * and 2,500 a second at most after a longer outage (the residual of a uniform pause), where the steady load is 2,500
 * heartbeats a second. All are back 4 s after the registry, which leaves a second of the five for its own work. The
 * slower return loses nobody: a registry restores its snapshot with a whole lease (6 s) for each instance, and one that
 * starts empty takes nothing out of anybody's list.
 */
const SPREAD = 4_000;
/** A refusal is mended by a person: trying faster only fills logs. Milliseconds. */
const REFUSED = 10_000;

/**
 * Milliseconds to wait before the next attempt after `failures` failed ones in a row: full jitter, so that those who
 * broke together do not come back together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(failures: number, random: () => number): number {
  return random() * (failures === 0 ? MEND : SPREAD);
}

/** Milliseconds to wait after the registry has refused the credential or the announcement. */
export function refusalPause(random: () => number): number {
  return REFUSED / 2 + random() * REFUSED;
}

/** Milliseconds to wait when the registry has too much to do and said for how many seconds: not before, and not together. */
export function busyPause(retryAfter: number, random: () => number): number {
  return retryAfter * 1000 * (1 + random());
}
