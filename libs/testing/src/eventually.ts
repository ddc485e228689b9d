import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries until the check stops throwing and returns what it returned. Fails with the check's last error after `within`
 * milliseconds. For real processes and sockets only: what can take a clock takes one.
 */
export async function eventually<T>(check: () => T | Promise<T>, within = 30_000, every = 50): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= end) throw error;
      await sleep(every);
    }
  }
}
