/** Contracts by hash, each kept as long as somebody has it. */
export class ContractShelf {
  readonly #contracts = new Map<string, { readonly bytes: Uint8Array; holders: number }>();

  /** One more has the contract; its bytes are needed when nobody had it before. */
  take(hash: string, bytes: Uint8Array | undefined): void {
    const shelved = this.#contracts.get(hash);
    if (shelved) shelved.holders += 1;
    else if (bytes) this.#contracts.set(hash, { bytes, holders: 1 });
  }

  giveBack(hash: string): void {
    const shelved = this.#contracts.get(hash);
    if (!shelved) return;
    shelved.holders -= 1;
    if (shelved.holders === 0) this.#contracts.delete(hash);
  }

  get(hash: string): Uint8Array | undefined {
    return this.#contracts.get(hash)?.bytes;
  }
}
