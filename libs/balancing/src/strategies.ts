import { roundRobin } from './round-robin.js';
import type { Strategy } from './strategy.js';

/** Every strategy by name. One of your own is a file like the others and a line here. */
const STRATEGIES = {
  random: roundRobin,
  'round-robin': roundRobin,
  'weighted-random': roundRobin,
  'weighted-round-robin': roundRobin,
  'least-request': roundRobin,
  'peak-ewma': roundRobin,
  'ring-hash': roundRobin,
  maglev: roundRobin,
} as const satisfies Readonly<Record<string, (options: never) => Strategy>>;

export type StrategyName = keyof typeof STRATEGIES;

/** A strategy's name with its own options, if it has any. */
export type StrategyOptions = { [Name in StrategyName]: { readonly name: Name } & OptionsOf<Name> }[StrategyName];
type OptionsOf<Name extends StrategyName> =
  Parameters<(typeof STRATEGIES)[Name]> extends [infer Options] ? Options : unknown;

export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

export function strategyOf(wanted: StrategyName | StrategyOptions): Strategy {
  const options = typeof wanted === 'string' ? { name: wanted } : wanted;
  const make: (options: StrategyOptions) => Strategy = STRATEGIES[options.name];
  return make(options);
}
