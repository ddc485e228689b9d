import { firstUntried } from './draw.js';
import type { Candidate, Endpoint } from './endpoint.js';
import { hashOf, mix } from './hash.js';
import type { Picker, Random, Strategy } from './strategy.js';
import { weightsOf } from './weight.js';

/** For one of average weight: shares then differ by about 1/√256, 6 %. libketama has 160. */
const POINTS = 256;
/** Of the whole ring: what a thousand endpoints can prepare in a few milliseconds. */
const MAX_POINTS = 65_536;
/** Steps along the ring past those that were tried, before any other is good enough. */
const MAX_STEPS = 64;
/** Room for an endpoint's number below a 32-bit hash in a double. */
const NUMBERS = 2 ** 21;

/**
 * Each hash belongs to the endpoint whose point follows it on a ring, so that one who leaves hands over its own keys and
 * moves nobody else's: D. Karger et al., "Consistent hashing and random trees" (1997), with many points each as in
 * libketama. Without a hash anyone is picked, by weight.
 */
export const ringHash = (): Strategy => ({ byHash: true, picker: (random) => new RingPicker(random) });

class RingPicker<T extends Candidate> implements Picker<T> {
  readonly #random: Random;
  #endpoints: readonly Endpoint<T>[] = [];
  /** Points of the ring in order, and whose they are. */
  #points = new Uint32Array();
  #owners = new Uint32Array();

  constructor(random: Random) {
    this.#random = random;
  }

  prepare(endpoints: readonly Endpoint<T>[]): void {
    this.#endpoints = endpoints;
    const counts = pointsOf(weightsOf(endpoints));
    const ring = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
    let next = 0;
    endpoints.forEach(({ candidate: { id } }, number) => {
      const seed = hashOf(id);
      for (let i = 0; i < (counts[number] ?? 0); i++) ring[next++] = mix(seed ^ mix(i)) * NUMBERS + number;
    });
    ring.sort();
    this.#points = new Uint32Array(ring.length);
    this.#owners = new Uint32Array(ring.length);
    // A loop: mapping with a function takes longer than sorting did.
    for (let place = 0; place < ring.length; place++) {
      const point = ring[place] ?? 0;
      this.#points[place] = point / NUMBERS;
      this.#owners[place] = point % NUMBERS;
    }
  }

  pick(_now: number, hash = this.#random() * 2 ** 32): Endpoint<T> | undefined {
    const size = this.#points.length;
    const start = this.#after(mix(hash));
    for (let step = 0; step < MAX_STEPS && step < size; step++) {
      const endpoint = this.#endpoints[this.#owners[(start + step) % size] ?? 0];
      if (endpoint && !endpoint.passed) return endpoint;
    }
    return firstUntried(this.#endpoints, start);
  }

  /** Place of the first point that is not before the hash. */
  #after(hash: number): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] ?? 0) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * How many points each has. The scale goes in powers of two: one who leaves changes the others' counts, and with them
 * the owners of other keys, only where the size of the pool crosses such a step.
 */
function pointsOf(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = 2 ** Math.floor(Math.log2(Math.min(POINTS * weights.length, MAX_POINTS) / total));
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round(weight * scale))));
}
