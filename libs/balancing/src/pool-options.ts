import type { OutlierOptions } from './outlier.js';
import type { StrategyName, StrategyOptions } from './strategies.js';
import type { Random } from './strategy.js';
import type { SubsetOptions } from './subset.js';

export interface PoolOptions {
  readonly strategy: StrategyName | StrategyOptions;
  readonly random: Random;
  /** Where the caller runs: instances of its zone are preferred. Absent or empty: zones are not looked at. */
  readonly zone?: string;
  /** How long one that joins others, or comes back from ejection, gets less than its share. Default 0: none. */
  readonly slowStartMs?: number;
  /**
   * When a smaller share of the pool than this is in rotation, ejections are ignored: the few that are left would break
   * under everyone's calls. They are ignored as well while all that are left fail. 0 to 1, default 0.5 as Envoy's
   * `healthy_panic_threshold`.
   */
  readonly panicThreshold?: number;
  /** What differs from OUTLIER_DEFAULTS; false: nobody is ever ejected. */
  readonly outlier?: Partial<OutlierOptions> | false;
  /** Of large pools, the part that this caller keeps to. Absent: all. */
  readonly subset?: SubsetOptions;
}
