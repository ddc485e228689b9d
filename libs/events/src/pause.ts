import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const LONGEST_PAUSE = 10_000;

/** Milliseconds before trying again: doubles with each failure from 100 ms to 10 s, half of it by chance. */
export function pauseAfter(failures: number): number {
  const pause = Math.min(LONGEST_PAUSE, 50 * 2 ** failures);
  return pause / 2 + (Math.random() * pause) / 2;
}

/** Waits until the time is over or the signal aborts, whichever comes first. Never rejects. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Waits for the work, but no longer than that; what it does afterwards is its own affair. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, pause(milliseconds, over.signal)]).finally(() => over.abort());
}
