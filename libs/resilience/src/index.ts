export { type Limits, deadlineOf, timeLeft } from './deadline.js';
export { type FailedAttempt, type Outcome, mayRetry } from './retry.js';
