/**
 * Draws an index with probability proportional to its weight in constant time: Walker's alias method, built in linear
 * time as in M. D. Vose, "A linear algorithm for generating random numbers with a given distribution" (1991).
 */
export class AliasTable {
  /** Of each column, the part that belongs to its own index; the rest belongs to its alias. */
  readonly #own: Float64Array;
  readonly #alias: Uint32Array;

  /** Weights are not negative and not all zero. */
  constructor(weights: readonly number[]) {
    const count = weights.length;
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
    this.#own = Float64Array.from(weights, (weight) => weight / mean);
    this.#alias = Uint32Array.from(weights, (_, index) => index);
    const poor: number[] = [];
    const rich: number[] = [];
    this.#own.forEach((part, index) => (part < 1 ? poor : rich).push(index));
    for (;;) {
      const taker = poor.pop();
      const giver = rich.pop();
      // What rounding has left over on one side fills its own column.
      if (taker === undefined || giver === undefined) {
        for (const index of [...poor, ...rich, taker ?? giver ?? 0]) this.#own[index] = 1;
        return;
      }
      this.#alias[taker] = giver;
      const left = this.#at(giver) - (1 - this.#at(taker));
      this.#own[giver] = left;
      (left < 1 ? poor : rich).push(giver);
    }
  }

  /** `random` in [0, 1): its whole part of n chooses the column, the fraction the side. */
  draw(random: number): number {
    const scaled = random * this.#own.length;
    const column = Math.floor(scaled);
    return scaled - column < this.#at(column) ? column : (this.#alias[column] ?? column);
  }

  #at(index: number): number {
    return this.#own[index] ?? 1;
  }
}
