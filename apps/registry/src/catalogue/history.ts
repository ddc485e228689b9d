import type { Change } from './command.js';

/** The last changes, so that a watcher that was away for a moment goes on where it stopped. */
export class History {
  readonly #room: number;
  readonly #changes: Change[] = [];
  #next = 0;

  constructor(room: number) {
    this.#room = room;
  }

  add(change: Change): void {
    this.#changes[this.#next] = change;
    this.#next = (this.#next + 1) % this.#room;
  }

  /** How many changes are known. */
  get size(): number {
    return this.#changes.length;
  }

  /** What came after `revision` of `latest`, in order; undefined when that is not known any more, or has never been. */
  since(revision: bigint, latest: bigint): readonly Change[] | undefined {
    const missing = latest - revision;
    if (missing < 0n || missing > BigInt(this.#changes.length)) return undefined;
    const count = Number(missing);
    const { length } = this.#changes;
    const from = length < this.#room ? length - count : (this.#next - count + length) % length;
    return Array.from({ length: count }, (_, n) => this.#changes[(from + n) % length]).filter((change) => !!change);
  }
}
