import type { OutlierOptions } from './outlier.js';
import type { StrategyName, StrategyOptions } from './strategies.js';
import type { Random } from './strategy.js';
import type { SubsetOptions } from './subset.js';

export interface PoolOptions {
  readonly strategy: StrategyName | StrategyOptions;
  readonly random: Random;
  /** Where the caller runs: its zone's instances are preferred. Absent or empty: zones are not looked at. */
  readonly zone?: string;
  /** How long one that joins, or comes back from ejection, gets less than its share. 0: none. */
  readonly slowStartMs?: number;
  /** When less than this share of the pool is in rotation, ejections are ignored. 0 to 1. */
  readonly panicThreshold?: number;
  /** What differs from the defaults; false: nobody is ever ejected. */
  readonly outlier?: Partial<OutlierOptions> | false;
  /** Of large pools, the part that this caller keeps to. */
  readonly subset?: SubsetOptions;
}
