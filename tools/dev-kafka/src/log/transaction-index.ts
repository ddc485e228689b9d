import type { BatchHeader } from '../wire/record-batch.js';

/** An aborted transaction in one partition. Its records lie between the offsets, those of others among them. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of the marker that ended it. */
  readonly lastOffset: number;
}

/** Which transactions of a partition are open and which were aborted. Rebuilt from the log. */
export class TransactionIndex {
  /** First offset of each open transaction by producer, in the order of these offsets. */
  readonly #open = new Map<number, number>();
  #aborted: AbortedTransaction[] = [];

  /** Takes in a batch that is in the log; `commit` counts for control batches. */
  accept(header: BatchHeader, commit: boolean): void {
    const { producerId, baseOffset } = header;
    const firstOffset = this.#open.get(producerId);
    if (!header.control) {
      if (header.transactional && firstOffset === undefined) this.#open.set(producerId, baseOffset);
      return;
    }
    this.#open.delete(producerId);
    if (!commit && firstOffset !== undefined) {
      this.#aborted.push({ producerId, firstOffset, lastOffset: header.lastOffset });
    }
  }

  isOpen(producerId: number): boolean {
    return this.#open.has(producerId);
  }

  /** First offset that a still open transaction may change the meaning of. */
  firstOpenOffset(): number | undefined {
    return this.#open.values().next().value;
  }

  /**
   * Those that touch the range [from, to), in the order in which they ended, as Kafka gives them. kafkajs takes that for
   * the order of their first offsets: it shows a record of one that began earlier and was aborted later.
   */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.#aborted.filter((aborted) => aborted.lastOffset >= from && aborted.firstOffset < to);
  }

  /** Forgets what ended before the log starts. */
  trim(logStart: number): void {
    this.#aborted = this.#aborted.filter((aborted) => aborted.lastOffset >= logStart);
  }
}
