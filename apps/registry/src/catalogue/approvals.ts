/** An operator approves a few contracts a day; the oldest is forgotten first, and asked for again if it comes back. */
const MAX_APPROVALS = 1_000;

/** Hashes of the contracts that an operator has admitted. */
export class Approvals {
  readonly #hashes: Set<string>;

  constructor(hashes: Iterable<string>) {
    this.#hashes = new Set(hashes);
  }

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  all(): string[] {
    return [...this.#hashes];
  }

  add(hash: string): void {
    this.#hashes.add(hash);
    const [oldest] = this.#hashes;
    if (this.#hashes.size > MAX_APPROVALS && oldest !== undefined) this.#hashes.delete(oldest);
  }
}
