import fc from 'fast-check';
import { type Candidate, type Endpoint, type EndpointState, newEndpoint } from './endpoint.js';
import type { Picker } from './strategy.js';

/** Endpoints e0, e1, … with these weights, as they are at time 0. */
export function weighing(...weights: readonly number[]): EndpointState<Candidate>[] {
  return weights.map((weight, index) => newEndpoint({ id: `e${index}`, weight, zone: '' }, 0));
}

/** So many endpoints of weight 1. */
export const alike = (count: number) => weighing(...Array.from({ length: count }, () => 1));

/** How often each was picked in so many picks; the n-th pick has hash n. */
export function tally(picker: Picker<Candidate>, endpoints: readonly Endpoint[], picks: number): readonly number[] {
  const counts = new Map(endpoints.map((endpoint) => [endpoint, 0]));
  for (let n = 0; n < picks; n++) {
    const picked = picker.pick(0, n);
    if (picked) counts.set(picked, (counts.get(picked) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** Names of the next picks. */
export const names = (picker: Picker<Candidate>, picks: number) =>
  Array.from({ length: picks }, () => picker.pick(0, undefined)?.candidate.id);

/** Weights of a pool of one to twelve. */
export const somePool = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 });

/**
 * Whether counts are what chance may well make of these shares: Pearson's chi-square test. False once in a thousand where
 * they are; the bound is Wilson and Hilferty's approximation.
 */
export function fits(counts: readonly number[], shares: readonly number[]): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const statistic = counts.reduce((sum, count, index) => {
    const expected = (total * (shares[index] ?? 0)) / whole;
    return expected === 0 ? sum + (count === 0 ? 0 : Infinity) : sum + (count - expected) ** 2 / expected;
  }, 0);
  const freedom = shares.filter((share) => share > 0).length - 1;
  const spread = 2 / (9 * freedom);
  return statistic <= freedom * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3;
}
