/** What can be picked. Two candidates with one id are the same one. */
export interface Candidate {
  readonly id: string;
  /** Its share beside others', for strategies that look at it. Not a number, or below zero, is as zero. */
  readonly weight: number;
  /** Where it runs; empty when unknown. */
  readonly zone: string;
}

/**
 * How a call ended, as far as it says something about the instance. `overloaded` is an instance that refused for now
 * (RESOURCE_EXHAUSTED, 429): spared for a while, but not broken. `cancelled` says only that it took at least so long.
 */
export type CallResult = 'ok' | 'failed' | 'overloaded' | 'cancelled';

/** What a pool knows of one candidate. Times are milliseconds of one monotonic clock. */
export interface EndpointState<T extends Candidate> {
  /** The newest object for this id. */
  candidate: T;
  /** False once the candidate has left: calls that are still out may end, and change nothing for the pool. */
  member: boolean;
  /** Calls that are out now. */
  active: number;
  /** Since when calls are out and none was answered well. Means nothing when none is out. */
  waitingSince: number;

  /** Peak EWMA of its latency in milliseconds, as of `latencyAt`; 0 when unknown. Kept by strategies that need it. */
  latency: number;
  latencyAt: number;

  /** Until when it is warming up and gets less than its share, and since when. */
  warmFrom: number;
  warmAt: number;
  /** Share of its recent calls that failed or were refused, 0 to 1, as of `strainAt`. */
  strain: number;
  strainAt: number;

  /** Out of rotation until then; 0 when it is in. */
  ejectedUntil: number;
  /** How many times the base ejection time its next ejection lasts, less one; good answers take it back. */
  ejections: number;
  /** Failures in a row. */
  failures: number;
  /** Calls of this interval of the success rate, and those of them that went well. */
  calls: number;
  successes: number;
  /** Success rate of the last whole interval, 0 to 1, waiting to be judged; undefined when there were too few calls. */
  rate: number | undefined;

  /** Set while a pick runs: this one is to be passed over, because the request has tried it already. */
  passed: boolean;
}

/** One candidate of a pool: one object for as long as its id stays. Only the pool changes it. */
export type Endpoint<T extends Candidate = Candidate> = Readonly<EndpointState<T>>;

export const newEndpoint = <T extends Candidate>(candidate: T, now: number): EndpointState<T> => ({
  candidate,
  member: true,
  active: 0,
  waitingSince: now,
  latency: 0,
  latencyAt: now,
  warmFrom: now,
  warmAt: now,
  strain: 0,
  strainAt: now,
  ejectedUntil: 0,
  ejections: 0,
  failures: 0,
  calls: 0,
  successes: 0,
  rate: undefined,
  passed: false,
});
