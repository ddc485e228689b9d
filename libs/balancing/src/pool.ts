import { type CallResult, type Candidate, type Endpoint, type EndpointState, newEndpoint } from './endpoint.js';
import type { EjectionEvent } from './outlier.js';
import type { PoolOptions } from './pool-options.js';
import { strategyOf } from './strategies.js';

/** The endpoints of one service and who gets the next call. Times are milliseconds of one monotonic clock. */
export interface Pool<T extends Candidate> {
  /** The list has changed. What is known of those who stay is kept; a second candidate of one id is ignored. */
  update(candidates: readonly T[], now: number): void;
  /**
   * Who gets this call; undefined only when the pool is empty. Those in `tried` are avoided whenever another is there.
   * `hash`, any integer, keeps requests together in strategies that look at it.
   */
  pick(now: number, tried: readonly Endpoint<T>[], hash?: number): Endpoint<T> | undefined;
  /** A call goes out. */
  begin(endpoint: Endpoint<T>, now: number): void;
  /** …and has ended, after so many milliseconds. Every begin has one end. Says so when this ejected the endpoint. */
  end(endpoint: Endpoint<T>, result: CallResult, latencyMs: number, now: number): EjectionEvent<T> | undefined;
  /** All that the pool may pick from, ejected ones too. */
  readonly endpoints: readonly Endpoint<T>[];
  stats(now: number): PoolStats;
}

/** For metrics and the command line. */
export interface PoolStats {
  readonly size: number;
  readonly ejected: number;
  /** So many are ejected that ejections are ignored. */
  readonly panic: boolean;
  /** Share of the calls that stay in the caller's zone, 0 to 1; 1 without zones. */
  readonly localShare: number;
}

export function createPool<T extends Candidate>({ strategy, random }: PoolOptions): Pool<T> {
  const picker = strategyOf(strategy).picker<T>(random);
  let endpoints: EndpointState<T>[] = [];
  return {
    update(candidates, now) {
      endpoints = candidates.map((candidate) => newEndpoint(candidate, now));
      picker.prepare(endpoints);
    },
    pick: (now, _tried, hash) => picker.pick(now, hash),
    begin: (endpoint) => void ((endpoint as EndpointState<T>).active += 1),
    end: (endpoint) => void ((endpoint as EndpointState<T>).active -= 1),
    get endpoints() {
      return endpoints;
    },
    stats: () => ({ size: endpoints.length, ejected: 0, panic: false, localShare: 1 }),
  };
}
