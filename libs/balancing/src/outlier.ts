import type { Candidate, Endpoint } from './endpoint.js';

export interface OutlierOptions {
  /** Failures in a row that eject. */
  readonly consecutiveFailures: number;
  /** How often success rates are compared, in milliseconds. */
  readonly intervalMs: number;
  /** The first ejection lasts this long, the n-th in a row n times as long… */
  readonly baseEjectionMs: number;
  /** …and never longer than this. */
  readonly maxEjectionMs: number;
  /** Largest share of the pool that is ejected at one time, 0 to 1; one may always be, and never the last one. */
  readonly maxEjectedShare: number;
  /** Success rates are compared when this many endpoints had enough calls in the interval… */
  readonly successRateMinimumHosts: number;
  /** …which is this many calls. */
  readonly successRateRequestVolume: number;
  /** Ejected is whose success rate is below mean − factor × standard deviation. */
  readonly successRateStdevFactor: number;
}

export interface EjectionEvent<T extends Candidate = Candidate> {
  readonly endpoint: Endpoint<T>;
  readonly reason: 'consecutive-failures' | 'success-rate';
  /** For how long, in milliseconds. */
  readonly forMs: number;
}
