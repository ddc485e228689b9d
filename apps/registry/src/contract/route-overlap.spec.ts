import { createRouter } from '@trellis/transcoding';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, field, sampleContract } from './contract.fixture.js';
import type { ContractRoute } from './contract.js';
import { overlap } from './route-overlap.js';

const words = fc.constantFrom('a', 'b');
/** `/shop`, then literals, single segments and perhaps the rest. */
const paths = fc
  .tuple(fc.array(fc.oneof(words, fc.constant('*')), { maxLength: 3 }), fc.boolean())
  .map(([steps, rest]) => ['/shop', ...steps, ...(rest ? ['**'] : [])].join('/'));
const routeAt = (path: string): ContractRoute | undefined =>
  sampleContract({ methods: { Get: at(path) }, item: [field('name', 1)] }).routes[0];

it('is found wherever one request fits both', () => {
  const requests = fc.array(words, { maxLength: 5 }).map((steps) => ['/shop', ...steps].join('/'));
  fc.assert(
    fc.property(paths, paths, fc.array(requests, { minLength: 5, maxLength: 20 }), (one, other, asked) => {
      const [left, right] = [routeAt(one), routeAt(other)];
      if (!left || !right) throw new Error('no route');
      const [first, second] = [createRouter([left]), createRouter([right])];
      const both = asked.some((path) => [first, second].every((router) => router.match('GET', path).kind === 'found'));
      expect(overlap(left, right)).toBe(overlap(right, left));
      if (both) expect(overlap(left, right)).toBe(true);
    }),
  );
});
