import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { BatchHeader } from '../wire/record-batch.js';

/** Batches that are recognised when they come again; Kafka promises five, as many as a client may have in flight. */
const REMEMBERED_BATCHES = 5;
/** Producers remembered per partition; each start of an idempotent producer is a new one. */
const REMEMBERED_PRODUCERS = 1000;
const SEQUENCES = 2 ** 31;

interface WrittenBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  readonly epoch: number;
  readonly batches: readonly WrittenBatch[];
}

/** What a partition knows of its idempotent producers: it makes sending again harmless. Rebuilt from the log. */
export class ProducerStates {
  readonly #states = new Map<number, ProducerState>();

  /**
   * The base offset of the same batch when it was written before, undefined when it is the next one. Throws
   * `KafkaError` for a batch of a fenced producer or one that leaves a gap.
   */
  findDuplicate(header: BatchHeader): number | undefined {
    const state = this.#states.get(header.producerId);
    if (!state) return undefined; // forgotten or removed by retention: any start is accepted, as Kafka does
    if (header.producerEpoch < state.epoch) {
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, `Producer ${header.producerId} has a newer epoch`);
    }
    const current = header.producerEpoch === state.epoch ? state.batches : [];
    const { firstSequence, lastSequence } = sequences(header);
    const same = current.find((batch) => batch.firstSequence === firstSequence && batch.lastSequence === lastSequence);
    if (same) return same.baseOffset;
    const last = current.at(-1);
    const expected = last ? (last.lastSequence + 1) % SEQUENCES : 0;
    if (firstSequence !== expected) {
      throw new KafkaError(
        ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
        `Producer ${header.producerId} sent sequence ${firstSequence} instead of ${expected}`,
      );
    }
    return undefined;
  }

  /** Takes in a batch that is in the log. A control batch has no sequence but may raise the epoch. */
  accept(header: BatchHeader): void {
    const state = this.#states.get(header.producerId);
    const known = state?.epoch === header.producerEpoch ? state.batches : [];
    const written = { ...sequences(header), baseOffset: header.baseOffset };
    const batches = header.control ? known : [...known, written].slice(-REMEMBERED_BATCHES);
    this.#states.delete(header.producerId); // and in again as the most recent one
    this.#states.set(header.producerId, { epoch: header.producerEpoch, batches });
    const oldest = this.#states.keys().next().value;
    if (this.#states.size > REMEMBERED_PRODUCERS && oldest !== undefined) this.#states.delete(oldest);
  }
}

function sequences(header: BatchHeader): { firstSequence: number; lastSequence: number } {
  const { firstSequence, records } = header;
  return { firstSequence, lastSequence: (firstSequence + records - 1) % SEQUENCES };
}
