import { leastRequest } from './least-request.js';
import { maglev } from './maglev.js';
import { peakEwma } from './peak-ewma.js';
import { random } from './random.js';
import { ringHash } from './ring-hash.js';
import { roundRobin } from './round-robin.js';
import type { Strategy } from './strategy.js';
import { weightedRandom } from './weighted-random.js';
import { weightedRoundRobin } from './weighted-round-robin.js';

/** Every strategy by name. One of your own is a file like the others and a line here. */
const STRATEGIES = {
  random,
  'round-robin': roundRobin,
  'weighted-random': weightedRandom,
  'weighted-round-robin': weightedRoundRobin,
  'least-request': leastRequest,
  'peak-ewma': peakEwma,
  'ring-hash': ringHash,
  maglev,
} as const satisfies Readonly<Record<string, (options: never) => Strategy>>;

export type StrategyName = keyof typeof STRATEGIES;

/** A strategy's name with its own options, if it has any. */
export type StrategyOptions = { [Name in StrategyName]: { readonly name: Name } & OptionsOf<Name> }[StrategyName];
type OptionsOf<Name extends StrategyName> =
  Parameters<(typeof STRATEGIES)[Name]> extends [options?: infer Options] ? Options : never;

/** The platform's own choice: README.md says why. */
export const DEFAULT_STRATEGY: StrategyName = 'peak-ewma';

export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

export function strategyOf(wanted: StrategyName | StrategyOptions): Strategy {
  const options = typeof wanted === 'string' ? { name: wanted } : wanted;
  const make: (options: object) => Strategy = STRATEGIES[options.name];
  return make(options);
}
