import type { Journal } from '../log/journal.js';
import type { StateEntry } from '../log/state-entry.js';

/** Ids are reserved in blocks, so that handing one out is rarely a write. A restart skips the rest of a block. */
const BLOCK = 1000;

/** Hands out producer ids. None is given twice, also over restarts: partitions recognise duplicates by them. */
export class ProducerIds {
  #next = 1;
  #reserved = 1;

  constructor(readonly journal: Pick<Journal<StateEntry>, 'append'>) {}

  take(): number {
    if (this.#next === this.#reserved) {
      const entry = { kind: 'producer-ids', reserved: this.#reserved + BLOCK } as const;
      this.journal.append(entry);
      this.#reserved = entry.reserved;
    }
    return this.#next++;
  }

  apply(entry: StateEntry): void {
    if (entry.kind !== 'producer-ids') return;
    this.#next = entry.reserved;
    this.#reserved = entry.reserved;
  }

  snapshot(): StateEntry[] {
    return [{ kind: 'producer-ids', reserved: this.#reserved }];
  }
}
