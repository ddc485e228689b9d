/** Attempts without a success that cost nothing, before pauses begin. */
export interface ThrottleLimits {
  /** One address at one account: a person who mistypes. */
  readonly pair: number;
  /** One address at any account. */
  readonly address: number;
  /** One account from any address. Below the 100 of NIST SP 800-63B, section 3.2.2. */
  readonly account: number;
}

const LIMITS: ThrottleLimits = { pair: 5, address: 50, account: 50 };

/** Milliseconds. Pauses double from the first to the last; the last is short enough that nobody stays locked out. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;
/** Milliseconds without an attempt after which the earlier ones are forgotten. */
const FORGET = 15 * 60_000;
/** No username is longer. What a form holds beyond it is not kept, or 20,000 counters would take 8 KiB each. */
const LONGEST_USERNAME = 32;
/** Counters kept, each some hundred bytes. Beyond that the longest unused is forgotten. */
const MAX_COUNTERS = 20_000;

interface Counter {
  attempts: number;
  last: number;
  allowedFrom: number;
}

/** Slows down guessing passwords, within one process. It counts attempts as they begin, so parallel ones count as well. */
export class LoginThrottle {
  readonly #counters = new Map<string, Counter>();
  readonly #limits: ThrottleLimits;
  readonly #maxCounters: number;

  constructor(limits: ThrottleLimits = LIMITS, maxCounters = MAX_COUNTERS) {
    this.#limits = limits;
    this.#maxCounters = maxCounters;
  }

  /** Asks to try; `now` is in milliseconds. Returns 0, or how many milliseconds to wait: then nothing was counted. */
  attempt(address: string, username: string, now: number): number {
    const account = accountKey(username);
    const counted: [string, number][] = [
      [pairKey(address, account), this.#limits.pair],
      [`address ${address}`, this.#limits.address],
      [`account ${account}`, this.#limits.account],
    ];
    const wait = Math.max(...counted.map(([key]) => (this.#known(key, now)?.allowedFrom ?? 0) - now));
    if (wait > 0) return wait;
    for (const [key, free] of counted) this.#count(key, free, now);
    return 0;
  }

  /** The attempt was right: that person starts anew. What others do to the account or from the address stays counted. */
  succeeded(address: string, username: string): void {
    this.#counters.delete(pairKey(address, accountKey(username)));
  }

  #known(key: string, now: number): Counter | undefined {
    const counter = this.#counters.get(key);
    return counter && now - counter.last <= FORGET ? counter : undefined;
  }

  #count(key: string, free: number, now: number): void {
    const attempts = (this.#known(key, now)?.attempts ?? 0) + 1;
    const pause = attempts < free ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - free));
    this.#counters.delete(key); // the map's order is that of use
    this.#counters.set(key, { attempts, last: now, allowedFrom: now + pause });
    if (this.#counters.size > this.#maxCounters) {
      for (const oldest of this.#counters.keys()) {
        this.#counters.delete(oldest);
        break;
      }
    }
  }
}

const accountKey = (username: string): string => username.slice(0, LONGEST_USERNAME).toLowerCase();

const pairKey = (address: string, account: string): string => `pair ${address} ${account}`;
