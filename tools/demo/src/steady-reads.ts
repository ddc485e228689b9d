import { type RequestOptions, request } from './http.js';

export interface ReadResult {
  readonly sent: number;
  /** What failed: the status, or why there was no answer. */
  readonly failures: readonly string[];
}

/**
 * Sends a GET every `1000 / perSecond` ms for `seconds`, whether or not the earlier ones have been answered (an open loop:
 * a slow answer does not hide the ones that would have failed meanwhile), and `during` alongside it.
 */
export async function steadyReads(
  url: string,
  options: RequestOptions & { perSecond: number; seconds: number },
  during: () => Promise<void>,
): Promise<ReadResult> {
  const { perSecond, seconds, ...rest } = options;
  const failures: string[] = [];
  const read = async (): Promise<void> => {
    try {
      const { status } = await request(url, rest);
      if (status !== 200) failures.push(`HTTP ${status}`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  };
  const reads: Promise<void>[] = [];
  const total = perSecond * seconds;
  const start = performance.now();
  const alongside = during();
  for (let index = 0; index < total; index += 1) {
    const due = start + (index * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    reads.push(read());
  }
  await Promise.all([alongside, ...reads]);
  return { sent: total, failures };
}
