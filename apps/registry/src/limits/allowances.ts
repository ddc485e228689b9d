import { resourceExhausted } from '@trellis/errors';
import { LRUCache } from 'lru-cache';
import { Allowance } from './allowance.js';

/** Callers that are told apart; of more, those that were silent longest begin anew. */
const CALLERS = 20_000;

/** An allowance for each caller. */
export class Allowances {
  readonly #allowances = new LRUCache<string, Allowance>({ max: CALLERS });
  readonly #burst: number;
  readonly #perSecond: number;

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** Counts one request at `now` (ms). Throws RESOURCE_EXHAUSTED with reason TOO_MANY_REQUESTS when it is one too many. */
  spend(caller: string, now: number): void {
    const allowance = this.#allowances.get(caller) ?? new Allowance(this.#burst, this.#perSecond, now);
    this.#allowances.set(caller, allowance);
    if (!allowance.take(now)) {
      throw resourceExhausted('Too many requests', { reason: 'TOO_MANY_REQUESTS', retryAfter: 1 });
    }
  }
}
