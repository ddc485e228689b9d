import { RollingCount } from './rolling-count.js';

/** `closed`: traffic flows. `open`: none does. `half-open`: a few probes find out. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a call ended: `ignored` says nothing about the service, as when the caller went away. */
export type BreakerResult = 'ok' | 'failed' | 'ignored';

/**
 * Rate, volume, window and open time are Hystrix's (https://github.com/Netflix/Hystrix/wiki/Configuration#circuit-breaker:
 * 50 % of at least 20 requests in 10 s, 5 s). Hystrix closes after a single good probe; three tell a recovered service from a
 * lucky call.
 */
const DEFAULTS = { failureRate: 0.5, minimumVolume: 20, windowMs: 10_000, openMs: 5_000, halfOpenProbes: 3 };

export interface BreakerOptions {
  /** Share of failures that opens it, from 0 to 1. */
  readonly failureRate?: number;
  /** Results in the window below which it never opens. */
  readonly minimumVolume?: number;
  readonly windowMs?: number;
  readonly openMs?: number;
  /** Calls let through when it is half-open, all of which must succeed to close it. */
  readonly halfOpenProbes?: number;
}

/** Lets a call through and brings its result to where it belongs: one of an earlier state says nothing about the present one. */
export interface Pass {
  readonly state: 'closed' | 'half-open';
}

export interface CircuitBreaker {
  state(now: number): BreakerState;
  /** Undefined: refuse the call. Each pass must be recorded, once. */
  enter(now: number): Pass | undefined;
  /** Says when the result changed the state. */
  record(pass: Pass, result: BreakerResult, now: number): 'opened' | 'closed' | undefined;
}

interface HalfOpen {
  readonly name: 'half-open';
  readonly pass: Pass;
  /** When the newest probe went out. */
  probedAt: number;
  /** Probes under way, and those that succeeded. */
  underWay: number;
  good: number;
}

type Phase =
  { readonly name: 'closed'; readonly pass: Pass } | { readonly name: 'open'; readonly until: number } | HalfOpen;

const closed = (): Phase => ({ name: 'closed', pass: { state: 'closed' } });
const halfOpen = (now: number): HalfOpen => ({
  name: 'half-open',
  pass: { state: 'half-open' },
  probedAt: now,
  underWay: 0,
  good: 0,
});

/** Stops calling what fails anyway, and finds out by itself when it works again. */
export function circuitBreaker(options: BreakerOptions = {}): CircuitBreaker {
  const { failureRate, minimumVolume, windowMs, openMs, halfOpenProbes } = { ...DEFAULTS, ...options };
  const results = new RollingCount(windowMs);
  const failures = new RollingCount(windowMs);
  let phase = closed();

  const at = (now: number): Phase => {
    if (phase.name === 'open' && now >= phase.until) phase = halfOpen(now);
    return phase;
  };
  const open = (now: number): 'opened' => {
    phase = { name: 'open', until: now + openMs };
    return 'opened';
  };

  return {
    state: (now) => at(now).name,

    enter: (now) => {
      const current = at(now);
      if (current.name === 'open') return undefined;
      if (current.name === 'closed') return current.pass;
      if (current.underWay + current.good >= halfOpenProbes) {
        // Others go when these may never come back. If they do they count: calls may take longer than this by nature.
        if (now - current.probedAt < openMs) return undefined;
        current.underWay = 0;
      }
      current.underWay += 1;
      current.probedAt = now;
      return current.pass;
    },

    record: (pass, result, now) => {
      const current = at(now);
      if (current.name === 'open' || current.pass !== pass) return undefined;
      if (current.name === 'half-open') {
        current.underWay = Math.max(0, current.underWay - 1);
        if (result === 'failed') return open(now);
        if (result === 'ok') current.good += 1;
        if (current.good < halfOpenProbes) return undefined;
        results.clear();
        failures.clear();
        phase = closed();
        return 'closed';
      }
      if (result === 'ignored') return undefined;
      results.add(now);
      if (result === 'ok') return undefined;
      failures.add(now);
      const volume = results.atMost(now);
      return volume >= minimumVolume && failures.atMost(now) >= failureRate * volume ? open(now) : undefined;
    },
  };
}
