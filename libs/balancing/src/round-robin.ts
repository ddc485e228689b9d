import type { Candidate, Endpoint } from './endpoint.js';
import type { Picker, Strategy } from './strategy.js';

/** One after the other: the first pick is index 0, then +1 mod N. Looks at neither weights nor answers. */
export const roundRobin = (): Strategy => ({ picker: () => new RoundRobinPicker() });

class RoundRobinPicker<T extends Candidate> implements Picker<T> {
  #endpoints: readonly Endpoint<T>[] = [];
  /** Outlives the list, or the first one would get an extra call with each change. */
  #next = 0;

  prepare(endpoints: readonly Endpoint<T>[]): void {
    this.#endpoints = endpoints;
  }

  pick(): Endpoint<T> | undefined {
    const count = this.#endpoints.length;
    if (this.#next >= count) this.#next = 0;
    for (let step = 0; step < count; step++) {
      const endpoint = this.#endpoints[this.#next];
      this.#next = this.#next + 1 === count ? 0 : this.#next + 1;
      if (endpoint && !endpoint.passed) return endpoint;
    }
    return undefined;
  }
}
