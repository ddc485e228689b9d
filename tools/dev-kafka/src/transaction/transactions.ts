import type { CommittedOffsets } from '../group/committed-offsets.js';
import type { Journal } from '../log/journal.js';
import type { CommittedOffset, GroupOffset, StateEntry, TransactionRecord } from '../log/state-entry.js';
import type { Topics } from '../log/topics.js';
import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { ProducerIds } from './producer-ids.js';

/** Kafka's transaction.max.timeout.ms. */
const MAX_TIMEOUT_MS = 15 * 60_000;
/** Transactional ids remembered; the longest idle ones are forgotten. */
const MAX_IDS = 1000;
const LAST_EPOCH = 2 ** 15 - 1;

/** Who claims to be the producer of a transactional id. */
export interface Claim {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

interface Parts {
  readonly topics: Topics;
  readonly offsets: CommittedOffsets;
  readonly producerIds: ProducerIds;
  readonly journal: Pick<Journal<StateEntry>, 'append'>;
  readonly now: () => number;
}

/**
 * The transaction coordinator. The outcome is decided by one journal entry ("committing"); markers and offsets follow
 * it, and are written again after a crash in between, which does no harm. An open transaction survives a restart.
 */
export class Transactions {
  readonly #records = new Map<string, TransactionRecord>();
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Makes the caller the only producer of the id, ends what its predecessor left open, and returns its claim. */
  begin(transactionalId: string, timeoutMs: number): Claim {
    if (timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
      throw new KafkaError(ErrorCode.INVALID_TRANSACTION_TIMEOUT, `A transaction may last up to ${MAX_TIMEOUT_MS} ms`);
    }
    const known = this.#records.get(transactionalId);
    const before = known && (known.state === 'ongoing' ? this.#fence(known) : known);
    if (before) this.#complete(before);
    const fresh = !before || before.epoch >= LAST_EPOCH - 1;
    const record: TransactionRecord = {
      transactionalId,
      producerId: fresh ? this.#parts.producerIds.take() : before.producerId,
      epoch: fresh ? 0 : before.epoch + 1,
      timeoutMs,
      state: 'empty',
      startedAt: 0,
      partitions: [],
      offsets: [],
    };
    this.#forgetIdle();
    this.#save(record);
    return record;
  }

  addPartition(claim: Claim, topic: string, partition: number): void {
    const record = this.#ongoing(claim);
    this.#parts.topics.partition(topic, partition);
    if (includes(record, topic, partition)) return;
    this.#save({ ...record, partitions: [...record.partitions, { topic, partition }] });
  }

  /** Announces that offsets of a group will follow: it begins the transaction. */
  addGroup(claim: Claim): void {
    this.#save(this.#ongoing(claim));
  }

  /** Offsets that become visible when the transaction commits. */
  addOffsets(claim: Claim, group: string, offsets: readonly CommittedOffset[]): void {
    const record = this.#ongoing(claim);
    this.#parts.offsets.checkRoom(group);
    const added = offsets.map((offset) => ({ ...offset, group }));
    const kept = record.offsets.filter((old) => !added.some((each) => samePlace(each, old)));
    this.#save({ ...record, offsets: [...kept, ...added] });
  }

  /** Throws `KafkaError` unless this producer has added the partition to a transaction that is still open. */
  checkProduce(claim: Claim, topic: string, partition: number): void {
    const record = this.#owned(claim);
    if (record.state !== 'ongoing' || !includes(record, topic, partition)) {
      throw new KafkaError(ErrorCode.INVALID_TXN_STATE, `${topic}/${partition} is not part of an open transaction`);
    }
  }

  /** Ends the transaction. Asking again for the same end is answered like the first time: that answer was lost. */
  end(claim: Claim, commit: boolean): void {
    const record = this.#owned(claim);
    const deciding = commit ? 'committing' : 'aborting';
    const done = commit ? 'committed' : 'aborted';
    if (record.state === done) return;
    if (record.state !== 'ongoing' && record.state !== deciding) {
      throw new KafkaError(ErrorCode.INVALID_TXN_STATE, `The transaction is ${record.state}`);
    }
    this.#complete(this.#save({ ...record, state: deciding }));
  }

  /** Aborts transactions that took longer than their producer promised, and goes on with ends that failed. */
  tick(): void {
    for (const record of [...this.#records.values()]) {
      const isLate = record.state === 'ongoing' && record.startedAt + record.timeoutMs <= this.#parts.now();
      this.#complete(isLate ? this.#fence(record) : record);
    }
  }

  apply(entry: StateEntry): void {
    if (entry.kind === 'transaction') this.#remember(entry.transaction);
    if (entry.kind === 'transaction-forgotten') this.#records.delete(entry.transactionalId);
  }

  snapshot(): StateEntry[] {
    return [...this.#records.values()].map((transaction) => ({ kind: 'transaction', transaction }));
  }

  /** The record of a claim, or `KafkaError`: a newer producer has taken the id over, or it was never given. */
  #owned(claim: Claim): TransactionRecord {
    const record = this.#records.get(claim.transactionalId);
    if (!record || record.producerId !== claim.producerId) {
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_ID_MAPPING, 'The transactional id has another producer');
    }
    if (record.epoch !== claim.epoch) {
      throw new KafkaError(ErrorCode.INVALID_PRODUCER_EPOCH, `The epoch is ${record.epoch}, not ${claim.epoch}`);
    }
    return record;
  }

  #ongoing(claim: Claim): TransactionRecord {
    const record = this.#owned(claim);
    if (record.state === 'ongoing') return record;
    if (record.state === 'committing' || record.state === 'aborting') {
      throw new KafkaError(ErrorCode.INVALID_TXN_STATE, `The transaction is ${record.state}`);
    }
    return { ...record, state: 'ongoing', startedAt: this.#parts.now(), partitions: [], offsets: [] };
  }

  /** Aborts with a raised epoch, so that its producer is refused from now on. */
  #fence(record: TransactionRecord): TransactionRecord {
    return this.#save({ ...record, state: 'aborting', epoch: record.epoch + 1 });
  }

  /** Does what was decided. May be repeated: a partition without an open transaction gets no second marker. */
  #complete(record: TransactionRecord): void {
    if (record.state !== 'committing' && record.state !== 'aborting') return;
    const commit = record.state === 'committing';
    const { producerId, epoch: producerEpoch } = record;
    for (const { topic, partition } of record.partitions) {
      const log = this.#parts.topics.find(topic)?.[partition]; // absent when the topic was deleted meanwhile
      log?.endTransaction({ producerId, producerEpoch, commit, timestamp: this.#parts.now() });
    }
    const groups = Map.groupBy(commit ? record.offsets : [], ({ group }) => group);
    for (const [group, offsets] of groups) this.#parts.offsets.commit(group, offsets);
    this.#save({ ...record, state: commit ? 'committed' : 'aborted', partitions: [], offsets: [] });
  }

  #save(record: TransactionRecord): TransactionRecord {
    this.#parts.journal.append({ kind: 'transaction', transaction: record });
    this.#remember(record);
    return record;
  }

  #remember(record: TransactionRecord): void {
    this.#records.delete(record.transactionalId); // and in again as the most recent one
    this.#records.set(record.transactionalId, record);
  }

  #forgetIdle(): void {
    if (this.#records.size < MAX_IDS) return;
    const idle = [...this.#records.values()].find(({ state }) => ['empty', 'committed', 'aborted'].includes(state));
    if (!idle) throw new KafkaError(ErrorCode.POLICY_VIOLATION, `dev-kafka keeps at most ${MAX_IDS} transactional ids`);
    this.#parts.journal.append({ kind: 'transaction-forgotten', transactionalId: idle.transactionalId });
    this.#records.delete(idle.transactionalId);
  }
}

const includes = (record: TransactionRecord, topic: string, partition: number): boolean =>
  record.partitions.some((each) => each.topic === topic && each.partition === partition);

const samePlace = (a: GroupOffset, b: GroupOffset): boolean =>
  a.group === b.group && a.topic === b.topic && a.partition === b.partition;
