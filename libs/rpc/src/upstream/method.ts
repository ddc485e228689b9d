import type { Bulkhead, Hedging, LastGood, RetryBudget } from '@trellis/resilience';
import type { CallPolicy } from '../policy/call-policy.js';
import type { CallCounts } from './call-counts.js';
import type { Pools, Seat } from './pools.js';
import type { ServiceBreaker } from './service-breaker.js';

/** What a bulkhead keeps of a call that waits. */
export interface Waiting {
  admit: (() => void) | undefined;
}

/** What all methods of one service share. */
export interface Shared {
  readonly service: string;
  readonly budget: RetryBudget;
  readonly pools: Pools;
  readonly counts: CallCounts;
  /** Attempts under way that end early, each of which may need a retry from the budget. */
  early: number;
}

/** One method of one service with everything its calls need. Prepared once; a call looks it up and computes nothing. */
export interface Method {
  readonly upstream: Shared;
  readonly path: string;
  readonly policy: CallPolicy;
  readonly seat: Seat;
  readonly breaker: ServiceBreaker | undefined;
  readonly bulkhead: Bulkhead<Waiting> | undefined;
  readonly hedging: Hedging | undefined;
  readonly lastGood: LastGood<Uint8Array> | undefined;
  /** Whether the strategy looks at a hash. */
  readonly hashed: boolean;
}
