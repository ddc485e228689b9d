import type { PartitionLog } from '../log/partition-log.js';

/** Resolves at the next change of one of the logs, after the time, or when the signal is aborted. */
export function untilChange(logs: readonly PartitionLog[], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      unsubscribes.forEach((unsubscribe) => unsubscribe());
      resolve();
    };
    const timer = setTimeout(finish, Math.max(0, ms));
    signal.addEventListener('abort', finish);
    const unsubscribes = logs.map((log) => log.onChange(finish));
  });
}
