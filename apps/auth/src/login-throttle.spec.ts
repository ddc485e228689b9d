import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@trellis/testing';
import fc from 'fast-check';
import { LoginThrottle } from './login-throttle.js';

describe('LoginThrottle', () => {
  const limits = { pair: 3, address: 6, account: 8 };

  it('lets a person mistype, then makes them wait twice as long each time, a minute at most', () => {
    const clock = new ManualClock();
    const throttle = new LoginThrottle(limits);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const wait = throttle.attempt('::1', 'anna', clock.now());
      waits.push(wait);
      clock.advance(wait);
      if (wait > 0) throttle.attempt('::1', 'anna', clock.now());
    }
    expect(waits.slice(0, 6)).toEqual([0, 0, 0, 1000, 2000, 4000]);
    expect(Math.max(...waits)).toBe(60_000);
  });

  it('counts attempts as they begin: parallel ones gain nothing', () => {
    const throttle = new LoginThrottle(limits);
    const allowed = Array.from({ length: 50 }, () => throttle.attempt('::1', 'anna', 0)).filter((wait) => wait === 0);
    expect(allowed).toHaveLength(limits.pair);
  });

  it('slows an address that tries many accounts, and an account that many addresses try', () => {
    const throttle = new LoginThrottle(limits);
    const ofOneAddress = Array.from({ length: 20 }, (_, i) => throttle.attempt('::1', `user${i}`, 0));
    expect(ofOneAddress.filter((wait) => wait === 0)).toHaveLength(limits.address);
    const ofOneAccount = Array.from({ length: 20 }, (_, i) => throttle.attempt(`10.0.0.${i}`, 'anna', 0));
    expect(ofOneAccount.filter((wait) => wait === 0)).toHaveLength(limits.account);
  });

  it('starts anew for a person who got in, and for everybody after a quarter of an hour', () => {
    const clock = new ManualClock();
    const throttle = new LoginThrottle(limits);
    throttle.attempt('::1', 'Anna', clock.now());
    throttle.attempt('::1', 'anna', clock.now());
    throttle.succeeded('::1', 'ANNA');
    expect([1, 2, 3].map(() => throttle.attempt('::1', 'anna', clock.now()))).toEqual([0, 0, 0]);
    expect(throttle.attempt('::1', 'anna', clock.now())).toBe(1000);
    clock.advance(15 * 60_000 + 1);
    expect([1, 2, 3].map(() => throttle.attempt('::1', 'anna', clock.now()))).toEqual([0, 0, 0]);
  });

  it('forgets the longest unused counter when there are too many', () => {
    const throttle = new LoginThrottle({ pair: 1, address: 1000, account: 1000 }, 6);
    throttle.attempt('a', 'anna', 0);
    expect(throttle.attempt('a', 'anna', 0)).toBe(1000);
    throttle.attempt('b', 'bert', 0);
    throttle.attempt('c', 'carl', 0);
    expect(throttle.attempt('a', 'anna', 0)).toBe(0);
  });

  it('keeps no more of a name than a username may have', () => {
    const throttle = new LoginThrottle({ ...limits, pair: 1 });
    throttle.attempt('::1', `${'a'.repeat(32)}1`, 0);
    expect(throttle.attempt('::1', `${'A'.repeat(32)}2`, 0)).toBe(1000);
  });

  it('never asks to wait longer than a minute, whatever came before', () => {
    const attempts = fc.array(fc.record({ at: fc.nat(1000), who: fc.constantFrom('anna', 'bert') }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(attempts, (list) => {
        const throttle = new LoginThrottle(limits);
        let now = 0;
        for (const { at, who } of list) {
          now += at;
          const wait = throttle.attempt('::1', who, now);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(60_000);
        }
      }),
    );
  });
});
