export { type BackoffOptions, backoff } from './backoff.js';
export { type Bulkhead, type BulkheadOptions, bulkhead } from './bulkhead.js';
export {
  type BreakerOptions,
  type BreakerResult,
  type BreakerState,
  type CircuitBreaker,
  type Pass,
  circuitBreaker,
} from './circuit-breaker.js';
export { type Limits, deadlineOf, timeLeft } from './deadline.js';
export { type GcraOptions, type RateLimit, gcra } from './gcra.js';
export { type GradientLimit, type GradientLimitOptions, gradientLimit } from './gradient-limit.js';
export { type Hedging, type HedgingOptions, hedging } from './hedging.js';
export { type LastGood, type LastGoodOptions, lastGood } from './last-good.js';
export { type FailedAttempt, type Outcome, mayRetry } from './retry.js';
export { type RetryBudget, type RetryBudgetOptions, retryBudget } from './retry-budget.js';
