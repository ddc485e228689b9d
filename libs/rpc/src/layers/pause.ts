import type { CancelSignal } from '../cancellation.js';

/** Waits so many milliseconds, or until the caller gives up. */
export function pause(ms: number, signal: CancelSignal | undefined): Promise<void> | undefined {
  if (ms <= 0 || signal?.aborted) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
