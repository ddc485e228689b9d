import { openLoop } from '@trellis/testing';
import { type RequestOptions, request } from './http.js';

export interface ReadResult {
  readonly sent: number;
  /** What failed: the status and its reason, or why there was no answer. */
  readonly failures: readonly string[];
}

const OK = 'HTTP 200';

/** Sends a GET every `1000 / perSecond` ms for `seconds`, however long the answers take, and `during` alongside it. */
export async function steadyReads(
  url: string,
  options: RequestOptions & { perSecond: number; seconds: number },
  during: () => Promise<void>,
): Promise<ReadResult> {
  const { perSecond, seconds, ...rest } = options;
  const call = async () => {
    const { status, body } = await request(url, rest);
    return status === 200 ? OK : `HTTP ${status} ${(body as { reason?: string } | undefined)?.reason ?? ''}`.trim();
  };
  const [report] = await Promise.all([openLoop({ perSecond, seconds, call }), during()]);
  const outcomes = report.samples.map(({ outcome }) => outcome);
  return { sent: report.sent, failures: outcomes.filter((outcome) => outcome !== OK) };
}
