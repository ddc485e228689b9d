import { firstUntried } from './draw.js';
import type { Candidate, Endpoint } from './endpoint.js';
import type { Picker, Strategy } from './strategy.js';
import { TurnHeap } from './turn-heap.js';
import { weightsOf } from './weight.js';

/**
 * Each as often as its weight says, and evenly: weights 5, 1, 1 give a b a a c a a. After any number of picks everyone
 * has had its share to within one pick: R. Tijdeman, "The chairman assignment problem" (1980). Everyone's n-th turn may
 * be taken from when its share has reached n − 1 picks, and is due when it reaches n; of those that may be taken the one
 * that is due first is. Two heaps find it in log n steps; the textbook loop (nginx's) looks at all for every request.
 */
export const weightedRoundRobin = (): Strategy => ({ picker: () => new WeightedRoundRobinPicker() });

/** Rounding in sums of strides must not make a turn late by a whole pick. */
const ROUNDING = 1e-6;

class WeightedRoundRobinPicker<T extends Candidate> implements Picker<T> {
  #endpoints: readonly Endpoint<T>[] = [];
  /** By number of endpoint, in picks: from when its next turn may be taken, and how far apart its turns are. */
  #from = new Float64Array();
  #stride = new Float64Array();
  /** Those whose turn may not be taken yet, and those whose turn may, by when it is due. */
  #waiting = new TurnHeap(0);
  #ready = new TurnHeap(0);
  /** Those that a pick has passed over. */
  #passed = new Uint32Array();
  /** Picks since the list was prepared. */
  #picks = 0;

  prepare(endpoints: readonly Endpoint<T>[]): void {
    // Who stays keeps its place between two turns, whatever its stride is now.
    const places = new Map(this.#endpoints.map((endpoint, number) => [endpoint, this.#placeOf(number)]));
    const weights = weightsOf(endpoints);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#endpoints = endpoints;
    this.#picks = 0;
    this.#passed = new Uint32Array(endpoints.length);
    this.#waiting = new TurnHeap(endpoints.length);
    this.#ready = new TurnHeap(endpoints.length);
    this.#stride = Float64Array.from(weights, (weight) => total / weight);
    this.#from = new Float64Array(endpoints.length);
    endpoints.forEach((endpoint, number) => {
      const stride = this.#strideOf(number);
      if (stride === Infinity) return;
      this.#from[number] = (places.get(endpoint) ?? 0) * stride;
      this.#waiting.push(number, this.#fromOf(number));
    });
  }

  pick(): Endpoint<T> | undefined {
    while (this.#waiting.earliest <= this.#picks + ROUNDING) this.#makeReady();
    let passed = 0;
    let chosen: Endpoint<T> | undefined;
    while (!chosen) {
      // Only where those whose turn it is were all tried does somebody come before its turn.
      const number = this.#ready.pop() ?? this.#waiting.pop();
      if (number === undefined) break;
      const endpoint = this.#endpoints[number];
      if (endpoint?.passed) {
        this.#passed[passed++] = number;
        continue;
      }
      chosen = endpoint;
      this.#picks++;
      this.#from[number] = this.#fromOf(number) + this.#strideOf(number);
      this.#waiting.push(number, this.#fromOf(number));
    }
    while (passed > 0) this.#queue(this.#passed[--passed] ?? 0);
    return chosen ?? firstUntried(this.#endpoints, 0);
  }

  #makeReady(): void {
    const number = this.#waiting.pop();
    if (number !== undefined) this.#ready.push(number, this.#fromOf(number) + this.#strideOf(number));
  }

  #queue(number: number): void {
    this.#waiting.push(number, this.#fromOf(number));
  }

  #placeOf(number: number): number {
    return (this.#fromOf(number) - this.#picks) / this.#strideOf(number);
  }

  #fromOf(number: number): number {
    return this.#from[number] ?? 0;
  }

  #strideOf(number: number): number {
    return this.#stride[number] ?? Infinity;
  }
}
