import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, newEndpoint } from './endpoint.js';
import { spread } from './zones.js';

/** `a a b`: an endpoint for each word, in the zone of that name. */
const inZones = (zones: string) =>
  zones.split(' ').map((zone, index) => newEndpoint<Candidate>({ id: `e${index}`, weight: 1, zone }, 0));

describe('the own zone', () => {
  it('keeps everything while it has its share of the instances', () => {
    const all = inZones('a a b b');
    expect(spread(all, all, 'a')).toEqual({ local: all.slice(0, 2), others: all.slice(2), localShare: 1 });
  });

  it('spills what it has no capacity for', () => {
    const all = inZones('a b b b');
    // A half of the callers, a quarter of the instances.
    expect(spread(all, all, 'a')).toEqual({ local: all.slice(0, 1), others: all.slice(1), localShare: 0.5 });
  });

  it('spills more when its instances are ejected, and everything when none is left', () => {
    const all = inZones('a a b b');
    expect(spread(all, all.slice(1), 'a').localShare).toBeCloseTo(2 / 3);
    expect(spread(all, all.slice(2), 'a')).toEqual({ local: [], others: all.slice(2), localShare: 0 });
  });

  it('spills to zones that have some to spare, not to those that are short themselves', () => {
    const all = inZones('a b c c c c');
    expect(spread(all, all, 'a')).toEqual({ local: all.slice(0, 1), others: all.slice(2), localShare: 0.5 });
  });

  it('spills everything of a zone without instances', () => {
    const all = inZones('a b');
    expect(spread(all, all, 'c')).toEqual({ local: [], others: all, localShare: 0 });
  });

  it('sends no instance more than its share when callers are spread evenly', () => {
    const pools = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pools, (zones) => {
        const all = inZones(zones.join(' '));
        const names = [...new Set(zones)];
        for (const zone of names) {
          const { local, localShare } = spread(all, all, zone);
          expect(localShare / names.length).toBeLessThanOrEqual(local.length / all.length + 1e-9);
        }
      }),
    );
  });
});
