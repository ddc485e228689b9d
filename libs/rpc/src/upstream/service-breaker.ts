import { type BreakerState, type CircuitBreaker, circuitBreaker } from '@trellis/resilience';
import type { BreakerPolicy } from '../policy/call-policies.js';

/** The breaker of one group of methods of one service. */
export class ServiceBreaker {
  readonly group: string;
  /** Seconds after which an open one lets calls through again. */
  readonly retryAfter: number;
  readonly #make: () => CircuitBreaker;
  #current: CircuitBreaker;

  constructor({ group = 'default', failureRate, minimum, window, open, probes }: BreakerPolicy) {
    const given = {
      ...(failureRate !== undefined && { failureRate }),
      ...(minimum !== undefined && { minimumVolume: minimum }),
      ...(window !== undefined && { windowMs: window }),
      ...(open !== undefined && { openMs: open }),
      ...(probes !== undefined && { halfOpenProbes: probes }),
    };
    this.group = group;
    this.retryAfter = Math.ceil((open ?? 1_000) / 1_000);
    this.#make = () => circuitBreaker(given);
    this.#current = this.#make();
  }

  /** To be asked anew for each call: whoever got a pass records it where it came from. */
  get current(): CircuitBreaker {
    return this.#current;
  }

  state(now: number): BreakerState {
    return this.#current.state(now);
  }

  /** An instance joined that was not there: what others did says nothing about it. */
  renew(now: number): void {
    if (this.state(now) !== 'closed') this.#current = this.#make();
  }
}
