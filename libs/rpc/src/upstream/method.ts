import type { Bulkhead, Hedging, LastGood } from '@trellis/resilience';
import type { CallPolicy } from '../policy/call-policy.js';
import type { Seat } from './pools.js';
import type { ServiceBreaker } from './service-breaker.js';
import type { Upstream } from './upstream.js';

/** What a bulkhead keeps of a call that waits. */
export interface Waiting {
  admit: (() => void) | undefined;
}

/** One method of one service with everything its calls need. Prepared once; a call looks it up and computes nothing. */
export interface Method {
  readonly upstream: Upstream;
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
