import { openLoop } from '@trellis/testing';
import { type RequestOptions, request } from './http.js';

export interface ReadResult {
  readonly sent: number;
  /** What failed: the status, or why there was no answer. */
  readonly failures: readonly string[];
}

/** Sends a GET every `1000 / perSecond` ms for `seconds`, however long the answers take, and `during` alongside it. */
export async function steadyReads(
  url: string,
  options: RequestOptions & { perSecond: number; seconds: number },
  during: () => Promise<void>,
): Promise<ReadResult> {
  const { perSecond, seconds, ...rest } = options;
  const call = async () => `HTTP ${(await request(url, rest)).status}`;
  const [report] = await Promise.all([openLoop({ perSecond, seconds, call }), during()]);
  const outcomes = report.samples.map(({ outcome }) => outcome);
  return { sent: report.sent, failures: outcomes.filter((outcome) => outcome !== 'HTTP 200') };
}
