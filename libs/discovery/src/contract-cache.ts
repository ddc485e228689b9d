/** A contract changes with a deployment; so many hold every version of every service that one process routes to. */
const MAX_CONTRACTS = 64;

interface Slot {
  readonly answer: Promise<Uint8Array>;
  /** Once they have arrived. */
  bytes?: Uint8Array;
}

/** Descriptor sets by hash. One fetch serves all who ask at the same time; failures are not remembered. */
export class ContractCache {
  readonly #contracts = new Map<string, Slot>();
  readonly #fetch: (hash: string) => Promise<Uint8Array>;

  constructor(fetch: (hash: string) => Promise<Uint8Array>) {
    this.#fetch = fetch;
  }

  get(hash: string): Promise<Uint8Array> {
    const known = this.#contracts.get(hash);
    if (known) {
      this.#keep(hash, known);
      return known.answer;
    }
    const slot: Slot = { answer: this.#fetch(hash) };
    this.#keep(hash, slot);
    slot.answer.then(
      (bytes) => (slot.bytes = bytes),
      () => {
        if (this.#contracts.get(hash) === slot) this.#contracts.delete(hash);
      },
    );
    return slot.answer;
  }

  /** Takes one that is known already. */
  put(hash: string, bytes: Uint8Array): void {
    this.#keep(hash, { answer: Promise.resolve(bytes), bytes });
  }

  /** Those that are here, the one asked for last first. */
  held(): [hash: string, bytes: Uint8Array][] {
    return [...this.#contracts].reverse().flatMap(([hash, { bytes }]) => (bytes ? [[hash, bytes]] : []));
  }

  #keep(hash: string, slot: Slot): void {
    this.#contracts.delete(hash); // and in again at the end: the first key is the one unused for longest
    this.#contracts.set(hash, slot);
    const [oldest] = this.#contracts.keys();
    if (this.#contracts.size > MAX_CONTRACTS && oldest !== undefined) this.#contracts.delete(oldest);
  }
}
