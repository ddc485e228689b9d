/** A contract changes with a deployment; so many hold every version of every service that one process routes to. */
const MAX_CONTRACTS = 64;

/** Descriptor sets by hash. One fetch serves all who ask at the same time; failures are not remembered. */
export class ContractCache {
  readonly #contracts = new Map<string, Promise<Uint8Array>>();
  readonly #fetch: (hash: string) => Promise<Uint8Array>;

  constructor(fetch: (hash: string) => Promise<Uint8Array>) {
    this.#fetch = fetch;
  }

  get(hash: string): Promise<Uint8Array> {
    const known = this.#contracts.get(hash);
    this.#contracts.delete(hash); // and in again at the end: the first key is the one unused for longest
    const contract = known ?? this.#fetch(hash);
    this.#contracts.set(hash, contract);
    if (known) return known;

    contract.catch(() => {
      if (this.#contracts.get(hash) === contract) this.#contracts.delete(hash);
    });
    const [oldest] = this.#contracts.keys();
    if (this.#contracts.size > MAX_CONTRACTS && oldest !== undefined) this.#contracts.delete(oldest);
    return contract;
  }
}
