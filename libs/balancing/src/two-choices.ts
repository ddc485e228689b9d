import { Draw } from './draw.js';
import type { Candidate, Endpoint } from './endpoint.js';
import type { Picker, Random } from './strategy.js';
import { weightsOf } from './weight.js';

/**
 * The better of two drawn by weight. Two are nearly as good as looking at all of them, and callers that know nothing of
 * each other do not all run to the same best one: M. Mitzenmacher, "The power of two choices in randomized load
 * balancing" (1996). Where costs are equal the first stands, so that idle endpoints share by weight.
 */
export function twoChoices<T extends Candidate>(
  random: Random,
  cost: (endpoint: Endpoint<Candidate>, now: number, averageWeight: number) => number,
): Picker<T> {
  const draw = new Draw<T>(random, true);
  let average = 1;
  return {
    prepare(endpoints) {
      draw.prepare(endpoints);
      average = weightsOf(endpoints).reduce((sum, weight) => sum + weight, 0) / endpoints.length;
    },
    pick(now) {
      const first = draw.one();
      if (!first) return undefined;
      const second = draw.one(first);
      if (second && cost(second, now, average) < cost(first, now, average)) return second;
      return first;
    },
  };
}
