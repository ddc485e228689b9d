export type { CallResult, Candidate, Endpoint } from './endpoint.js';
export { hashOf } from './hash.js';
export type { EjectionEvent, OutlierOptions } from './outlier.js';
export { type Pool, type PoolStats, createPool } from './pool.js';
export type { PoolOptions } from './pool-options.js';
export { DEFAULT_STRATEGY, STRATEGY_NAMES, type StrategyName, type StrategyOptions } from './strategies.js';
export type { SubsetOptions } from './subset.js';
