import type { CallResult, Candidate, Endpoint, EndpointState } from './endpoint.js';

/** Evenly distributed in [0, 1), as Math.random. */
export type Random = () => number;

/** Picks from one list of endpoints. */
export interface Picker<T extends Candidate> {
  /** The list has changed. Everything that can be prepared is prepared here; what is known of those who stay is kept. */
  prepare(endpoints: readonly Endpoint<T>[]): void;
  /**
   * One of the list that is not `passed`; undefined when there is none. Runs for every request: it allocates nothing and
   * looks at a few endpoints, never at all of them. Requests with one `hash` (any integer) belong together.
   */
  pick(now: number, hash: number | undefined): Endpoint<T> | undefined;
}

/** A way to pick. A pool has one picker for each group of endpoints that it picks from, such as those of its zone. */
export interface Strategy {
  /** Keys belong to endpoints, wherever these run: the pool does not look at zones, as they would tear keys apart. */
  readonly byHash?: boolean;
  picker<T extends Candidate>(random: Random): Picker<T>;
  /** A call has ended. For strategies that keep something of it with the endpoint. */
  learn?(endpoint: EndpointState<Candidate>, result: CallResult, latencyMs: number, now: number): void;
}
