import { type Histogram, build } from 'hdr-histogram-js';
import type { Ended } from './generate.js';

/** Microseconds: what is slower counts as this. Longer than any request of ours may take. */
const LONGEST = 120_000_000;
const DIGITS = 3;

const histogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: LONGEST, numberOfSignificantValueDigits: DIGITS });

/** What one second of the load became, by when its requests were due. */
export interface Second {
  sent: number;
  failed: number;
  /** Milliseconds. */
  slowest: number;
}

/** Latencies in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface OperationSummary extends Latencies {
  readonly operation: string;
  readonly sent: number;
  readonly failed: number;
}

/** What a load became, for programs. */
export interface Summary extends Latencies {
  readonly sent: number;
  readonly failed: number;
  /** How often each outcome came, "ok" among them. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly operations: readonly OperationSummary[];
}

/** Counts what ended, in the same memory however long the load goes on (but for a row a second). */
export class Tally {
  readonly seconds: Second[] = [];
  readonly #all = histogram();
  readonly #operations = new Map<string, { readonly latencies: Histogram; sent: number; failed: number }>();
  readonly #outcomes = new Map<string, number>();

  readonly add = ({ at, latency, outcome, operation }: Ended): void => {
    const microseconds = Math.min(LONGEST, Math.max(1, Math.round(latency * 1000)));
    const failed = outcome === 'ok' ? 0 : 1;
    this.#all.recordValue(microseconds);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    let one = this.#operations.get(operation);
    if (!one) this.#operations.set(operation, (one = { latencies: histogram(), sent: 0, failed: 0 }));
    one.latencies.recordValue(microseconds);
    one.sent += 1;
    one.failed += failed;
    const index = Math.floor(at / 1000);
    while (this.seconds.length <= index) this.seconds.push({ sent: 0, failed: 0, slowest: 0 });
    const second = this.seconds[index];
    if (!second) return;
    second.sent += 1;
    second.failed += failed;
    second.slowest = Math.max(second.slowest, latency);
  };

  get summary(): Summary {
    const outcomes = Object.fromEntries([...this.#outcomes].toSorted(([, a], [, b]) => b - a));
    const sent = this.#all.totalCount;
    return {
      ...{ sent, failed: sent - (outcomes['ok'] ?? 0), outcomes },
      ...latenciesOf(this.#all),
      operations: [...this.#operations].map(([operation, { latencies, ...counts }]) => ({
        ...{ operation, ...counts },
        ...latenciesOf(latencies),
      })),
    };
  }

  /** Latency in milliseconds by share of the requests, up to the last one. */
  get percentiles(): readonly (readonly [share: number, milliseconds: number])[] {
    return SHARES.map((share) => [share, this.#all.getValueAtPercentile(share * 100) / 1000]);
  }
}

/** 0, a half, three quarters … so that each step looks at half of what is left. */
const SHARES = [0, ...Array.from({ length: 14 }, (_, step) => 1 - 2 ** -(step + 1)), 1];

function latenciesOf(latencies: Histogram): Latencies {
  const at = (percentile: number): number => latencies.getValueAtPercentile(percentile) / 1000;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: latencies.maxValue / 1000 };
}
