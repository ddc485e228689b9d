import { AliasTable } from './alias-table.js';
import type { Candidate, Endpoint } from './endpoint.js';
import type { Random } from './strategy.js';
import { weightsOf } from './weight.js';

/** Blind draws before searching: enough that the search, which favours neighbours, stays rare. */
const DRAWS = 4;

/** The first one that is not passed and not `but`, from `start` on and around; undefined when there is none. */
export function firstUntried<T extends Candidate>(
  endpoints: readonly Endpoint<T>[],
  start: number,
  but?: Endpoint<T>,
): Endpoint<T> | undefined {
  for (let step = 0; step < endpoints.length; step++) {
    const endpoint = endpoints[(start + step) % endpoints.length];
    if (endpoint && !endpoint.passed && endpoint !== but) return endpoint;
  }
  return undefined;
}

/** Draws one of a list at random: all alike, or by weight. */
export class Draw<T extends Candidate> {
  readonly #random: Random;
  readonly #weighted: boolean;
  #endpoints: readonly Endpoint<T>[] = [];
  /** Those whose weight says that they get nothing: for when all others are passed. */
  #weightless: readonly Endpoint<T>[] = [];
  /** Undefined where all are alike: a table would be a detour. */
  #table: AliasTable | undefined;

  constructor(random: Random, weighted: boolean) {
    this.#random = random;
    this.#weighted = weighted;
  }

  prepare(endpoints: readonly Endpoint<T>[]): void {
    const all = this.#weighted ? weightsOf(endpoints) : endpoints.map(() => 1);
    const weights = all.filter((weight) => weight > 0);
    this.#endpoints = endpoints.filter((_, index) => all[index] !== 0);
    this.#weightless = endpoints.filter((_, index) => all[index] === 0);
    this.#table = weights.some((weight) => weight !== weights[0]) ? new AliasTable(weights) : undefined;
  }

  /** One that is not passed and not `but`; undefined when there is none. Beside `but` nobody without weight comes in. */
  one(but?: Endpoint<T>): Endpoint<T> | undefined {
    const endpoints = this.#endpoints;
    for (let draw = 0; draw < DRAWS; draw++) {
      const random = this.#random();
      const endpoint = endpoints[this.#table ? this.#table.draw(random) : Math.floor(random * endpoints.length)];
      if (!endpoint) return undefined;
      if (!endpoint.passed && endpoint !== but) return endpoint;
    }
    const found = firstUntried(endpoints, Math.floor(this.#random() * endpoints.length), but);
    return found || but ? found : firstUntried(this.#weightless, 0);
  }
}
