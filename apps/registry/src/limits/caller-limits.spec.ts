import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@trellis/testing';
import { CallerLimits } from './caller-limits.js';

describe('CallerLimits', () => {
  let clock: ManualClock;
  let limits: CallerLimits;
  beforeEach(() => {
    clock = new ManualClock();
    limits = new CallerLimits(() => clock.now());
  });

  const takeAll = (service: string): number => {
    for (let taken = 0; ; taken += 1) {
      try {
        limits.take(service, 'announcements');
      } catch (error) {
        expect(error).toMatchObject({ code: 8, reason: 'TOO_MANY_REQUESTS', retryAfter: 1 });
        return taken;
      }
    }
  };

  it("ends a flood under one credential, and leaves another's alone", () => {
    expect(takeAll('blog')).toBe(2_000);
    expect(takeAll('user')).toBe(2_000);
    clock.advance(1_000);
    expect(takeAll('blog')).toBe(400);
  });

  it('counts the streams that are open at a time', () => {
    const open = (): (() => void) => {
      clock.advance(1_000); // not too fast
      return limits.open('blog', 'sessions');
    };
    const closes = Array.from({ length: 6_000 }, open);
    expect(open).toThrow(expect.objectContaining({ reason: 'TOO_MANY_STREAMS' }));
    closes[0]?.();
    closes[0]?.(); // once counts
    open();
    expect(open).toThrow();
  });
});
