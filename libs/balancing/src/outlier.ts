import type { CallResult, Candidate, Endpoint, EndpointState } from './endpoint.js';

/** Times in milliseconds. */
export interface OutlierOptions {
  /** Failures in a row that eject. */
  readonly consecutiveFailures: number;
  /** How often success rates are compared. */
  readonly intervalMs: number;
  /** The first ejection lasts this long, the n-th in a row n times as long… */
  readonly baseEjectionMs: number;
  /** …and never longer than this. */
  readonly maxEjectionMs: number;
  /** Largest share of the pool that is out at one time, 0 to 1; one always may be, and never the last one. */
  readonly maxEjectedShare: number;
  /** Success rates are compared when this many endpoints had enough calls in the interval… */
  readonly successRateMinimumHosts: number;
  /** …which is this many calls. */
  readonly successRateRequestVolume: number;
  /** Out goes whose success rate is below mean − factor × standard deviation. */
  readonly successRateStdevFactor: number;
  /** …and at least this much below the mean, 0 to 1. */
  readonly successRateMinimumGap: number;
}

/**
 * Envoy's defaults (https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/outlier_detection.proto), but for
 * two. The share: its 10 % is meant for pools of hundreds, and in one of ten would let the second broken instance stay.
 * The gap, which it does not have: where all others are perfect the deviation is nearly nothing, and one error in a
 * hundred calls would eject.
 */
export const OUTLIER_DEFAULTS: OutlierOptions = {
  consecutiveFailures: 5,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectedShare: 0.5,
  successRateMinimumHosts: 5,
  successRateRequestVolume: 100,
  successRateStdevFactor: 1.9,
  successRateMinimumGap: 0.05,
};

export interface EjectionEvent<T extends Candidate = Candidate> {
  readonly endpoint: Endpoint<T>;
  readonly reason: 'consecutive-failures' | 'success-rate';
  /** For how long, in milliseconds. */
  readonly forMs: number;
}

/** Takes out of rotation who fails while others do not. Two judgements: failures in a row, and the rate beside others'. */
export class OutlierDetector {
  readonly #options: OutlierOptions;
  #intervalEnds = 0;
  /** Success rate below which this interval's figures eject. */
  #lowest = 0;

  constructor(options: OutlierOptions) {
    this.#options = options;
  }

  /** A call has ended. Says so when this takes the endpoint out; `all` are those of its pool. */
  report<T extends Candidate>(
    endpoint: EndpointState<T>,
    result: CallResult,
    now: number,
    all: readonly EndpointState<T>[],
  ): EjectionEvent<T> | undefined {
    if (now >= this.#intervalEnds) this.#closeInterval(all, now);
    // A refusal for overload is no fault: ejecting for it would load the others even more.
    if (result !== 'ok' && result !== 'failed') return undefined;
    // What was out when it was ejected, or goes there in panic, is no new judgement.
    if (endpoint.ejectedUntil > now) return undefined;
    endpoint.calls++;
    if (result === 'ok') {
      endpoint.successes++;
      endpoint.failures = 0;
    } else {
      endpoint.failures++;
    }
    const { rate } = endpoint;
    endpoint.rate = undefined;
    if (endpoint.failures >= this.#options.consecutiveFailures) {
      return this.#eject(endpoint, 'consecutive-failures', now, all);
    }
    if (rate !== undefined && rate < this.#lowest) return this.#eject(endpoint, 'success-rate', now, all);
    return undefined;
  }

  /** Whether it would be out for failures in a row, were there room. */
  fails({ failures }: Endpoint<Candidate>): boolean {
    return failures >= this.#options.consecutiveFailures;
  }

  /** Works out whom the finished interval condemns. Each is judged at the end of its next call, so that its event is its own. */
  #closeInterval(all: readonly EndpointState<Candidate>[], now: number): void {
    const { successRateRequestVolume, successRateMinimumHosts, intervalMs } = this.#options;
    const { successRateStdevFactor, successRateMinimumGap } = this.#options;
    const rates: number[] = [];
    for (const endpoint of all) {
      endpoint.rate = undefined;
      if (endpoint.calls >= successRateRequestVolume) rates.push((endpoint.rate = endpoint.successes / endpoint.calls));
      // Good answers in an interval without an ejection take one step of growth back. Having been out is no merit.
      const good = endpoint.successes > 0 && endpoint.ejectedUntil <= now;
      if (good && endpoint.ejections > 0) endpoint.ejections--;
      endpoint.calls = endpoint.successes = 0;
    }
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
    const gap = Math.max(successRateMinimumGap, successRateStdevFactor * Math.sqrt(variance));
    this.#lowest = rates.length < successRateMinimumHosts ? 0 : mean - gap;
    this.#intervalEnds = now + intervalMs;
  }

  #eject<T extends Candidate>(
    endpoint: EndpointState<T>,
    reason: EjectionEvent['reason'],
    now: number,
    all: readonly EndpointState<T>[],
  ): EjectionEvent<T> | undefined {
    const { maxEjectedShare, baseEjectionMs, maxEjectionMs, consecutiveFailures } = this.#options;
    const most = Math.min(all.length - 1, Math.max(1, Math.floor(all.length * maxEjectedShare)));
    if (all.filter(({ ejectedUntil }) => ejectedUntil > now).length >= most) return undefined;
    endpoint.ejections++;
    // Back in rotation, one more failure will do: who still fails shall not cost that many calls each time.
    endpoint.failures = consecutiveFailures - 1;
    const forMs = Math.min(endpoint.ejections * baseEjectionMs, maxEjectionMs);
    endpoint.ejectedUntil = now + forMs;
    return { endpoint, reason, forMs };
  }
}
