import { firstUntried } from './draw.js';
import type { Candidate, Endpoint } from './endpoint.js';
import { hashOf, mix } from './hash.js';
import type { Picker, Random, Strategy } from './strategy.js';
import { weightsOf } from './weight.js';

/** A prime, as the method asks. The paper's small table and Envoy's default; good for hundreds of endpoints. */
const SLOTS = 65_537;
const FREE = -1;

/**
 * Each hash belongs to a slot of a table that all endpoints have filled in turns, each in its own order of preference:
 * D. Eisenbud et al., "Maglev: a fast and reliable software network load balancer" (NSDI 2016), section 3.4. Shares are
 * more even than on a ring and a pick is one look; when one leaves, a few keys of others move too. Weights as in Envoy:
 * the heaviest takes a slot in each turn, one of half its weight in every other. Without a hash anyone is picked.
 */
export const maglev = (): Strategy => ({ byHash: true, picker: (random) => new MaglevPicker(random) });

class MaglevPicker<T extends Candidate> implements Picker<T> {
  readonly #random: Random;
  #endpoints: readonly Endpoint<T>[] = [];
  #table = new Int32Array();

  constructor(random: Random) {
    this.#random = random;
  }

  prepare(endpoints: readonly Endpoint<T>[]): void {
    this.#endpoints = endpoints;
    this.#table = fill(
      endpoints.map(({ candidate }) => candidate.id),
      weightsOf(endpoints),
    );
  }

  pick(_now: number, hash = this.#random() * 2 ** 32): Endpoint<T> | undefined {
    const mixed = mix(hash);
    const endpoint = this.#endpoints[this.#table[mixed % SLOTS] ?? 0];
    if (!endpoint?.passed) return endpoint;
    // A second look as good as the first: the keys of one who is passed spread over all others.
    return firstUntried(this.#endpoints, this.#table[mix(mixed) % SLOTS] ?? 0);
  }
}

/** Owner of each slot, as a number of the list. */
function fill(ids: readonly string[], weights: readonly number[]): Int32Array<ArrayBuffer> {
  const table = new Int32Array(SLOTS).fill(FREE);
  const heaviest = Math.max(...weights);
  const takers = ids.flatMap((id, owner) => {
    const hash = hashOf(id);
    const share = (weights[owner] ?? 0) / heaviest;
    return share === 0
      ? []
      : [{ id, owner, share, credit: 0, slot: hash % SLOTS, skip: 1 + (mix(hash) % (SLOTS - 1)) }];
  });
  // Whoever comes first gets the better slots: callers agree whatever the order of their lists.
  takers.sort((a, b) => (a.id < b.id ? -1 : 1));
  for (let filled = 0; takers.length > 0;) {
    for (const taker of takers) {
      taker.credit += taker.share;
      if (taker.credit < 1) continue;
      taker.credit -= 1;
      while (table[taker.slot] !== FREE) {
        taker.slot += taker.skip;
        if (taker.slot >= SLOTS) taker.slot -= SLOTS;
      }
      table[taker.slot] = taker.owner;
      if (++filled === SLOTS) return table;
    }
  }
  return table;
}
