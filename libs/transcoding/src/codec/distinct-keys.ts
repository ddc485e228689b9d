import { refuse } from './refused.js';

/** Refuses a key whose hash has been there: it may be the same key, and the general reading can tell. */
export class DistinctKeys {
  #first: number | undefined;
  #more: Set<number> | undefined;

  add(hash: number): void {
    if (this.#first === undefined) this.#first = hash;
    else if (hash === this.#first || this.#more?.has(hash)) refuse();
    else (this.#more ??= new Set()).add(hash);
  }
}
