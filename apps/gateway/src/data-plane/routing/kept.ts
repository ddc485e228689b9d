/** What outlives the tables of routes: kept under its key for as long as the newest table has use for it. */
export class Kept {
  #values = new Map<string, unknown>();
  #asked = new Map<string, unknown>();

  /** What stands under the key, or what `make` makes. One key always stands for one type. */
  readonly keep = <T>(key: string, make: () => T): T => {
    const value = (this.#asked.get(key) ?? this.#values.get(key) ?? make()) as T;
    this.#asked.set(key, value);
    return value;
  };

  /** A new table holds: what it did not ask for is dropped. */
  settle(): void {
    this.#values = this.#asked;
    this.#asked = new Map();
  }
}
