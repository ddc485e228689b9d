import { resourceExhausted } from '@trellis/errors';
import { Allowance } from './allowance.js';

/**
 * What one service's credential may do, however many streams it spreads it over. Sizes are those of a service with a
 * thousand instances that all come back at once, twice.
 */
const ALLOWED = {
  sessions: { burst: 2_000, perSecond: 400 },
  watchers: { burst: 1_000, perSecond: 50 },
  announcements: { burst: 2_000, perSecond: 400 },
  messages: { burst: 12_000, perSecond: 4_000 },
  /** Contracts that were not read before, at up to 0.2 s of everybody's time: a release has two or three. */
  contracts: { burst: 16, perSecond: 0.2 },
};

export type Limited = keyof typeof ALLOWED;

/** Streams that one service's credential may hold at a time, of each kind. */
const MAX_STREAMS = 6_000;

/** Keeps a flood under one credential from being felt under another. Services are those of the credentials file. */
export class CallerLimits {
  readonly #now: () => number;
  readonly #allowances = new Map<string, Allowance>();
  readonly #streams = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one more. Throws RESOURCE_EXHAUSTED with reason TOO_MANY_REQUESTS. */
  take(service: string, what: Limited): void {
    const key = `${service} ${what}`;
    const { burst, perSecond } = ALLOWED[what];
    const allowance = this.#allowances.get(key) ?? new Allowance(burst, perSecond, this.#now());
    this.#allowances.set(key, allowance);
    if (allowance.take(this.#now())) return;
    const retryAfter = Math.ceil(1 / perSecond);
    throw resourceExhausted(`Too many ${what} of ${service}`, { reason: 'TOO_MANY_REQUESTS', retryAfter });
  }

  /** Counts one more until the returned function is called. Throws RESOURCE_EXHAUSTED with reason TOO_MANY_STREAMS too. */
  open(service: string, what: 'sessions' | 'watchers'): () => void {
    this.take(service, what);
    const key = `${service} ${what}`;
    const streams = this.#streams.get(key) ?? 0;
    if (streams >= MAX_STREAMS) {
      throw resourceExhausted(`Too many ${what} of ${service}`, { reason: 'TOO_MANY_STREAMS', retryAfter: 5 });
    }
    this.#streams.set(key, streams + 1);
    let open = true;
    return () => {
      if (open) this.#streams.set(key, (this.#streams.get(key) ?? 1) - 1);
      open = false;
    };
  }
}
