import type { Journal } from '../log/journal.js';
import type { CommittedOffset, StateEntry } from '../log/state-entry.js';
import { ErrorCode, KafkaError } from '../wire/kafka-error.js';

/** Groups with committed offsets; each is kept until it is deleted. */
const MAX_GROUPS = 1000;

/** Where each consumer group is in each partition. A commit is in the journal before it is answered. */
export class CommittedOffsets {
  readonly #groups = new Map<string, Map<string, CommittedOffset>>();

  constructor(readonly journal: Pick<Journal<StateEntry>, 'append'>) {}

  get groups(): string[] {
    return [...this.#groups.keys()];
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  find(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(key(topic, partition));
  }

  list(group: string): CommittedOffset[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  /** Throws `KafkaError` when this would be one group too many. */
  checkRoom(group: string): void {
    if (!this.has(group) && this.#groups.size >= MAX_GROUPS) {
      throw new KafkaError(ErrorCode.POLICY_VIOLATION, `dev-kafka keeps the offsets of at most ${MAX_GROUPS} groups`);
    }
  }

  commit(group: string, offsets: readonly CommittedOffset[]): void {
    this.#record({ kind: 'offsets', group, offsets });
  }

  deleteGroup(group: string): void {
    if (this.has(group)) this.#record({ kind: 'group-deleted', group });
  }

  deleteTopic(topic: string): void {
    this.#record({ kind: 'topic-deleted', topic });
  }

  apply(entry: StateEntry): void {
    if (entry.kind === 'group-deleted') this.#groups.delete(entry.group);
    if (entry.kind === 'topic-deleted') this.#forgetTopic(entry.topic);
    if (entry.kind !== 'offsets') return;
    const known = this.#groups.get(entry.group) ?? new Map<string, CommittedOffset>();
    for (const offset of entry.offsets) known.set(key(offset.topic, offset.partition), offset);
    this.#groups.set(entry.group, known);
  }

  snapshot(): StateEntry[] {
    return this.groups.map((group) => ({ kind: 'offsets', group, offsets: this.list(group) }));
  }

  #record(entry: StateEntry): void {
    this.journal.append(entry);
    this.apply(entry);
  }

  #forgetTopic(topic: string): void {
    for (const offsets of this.#groups.values()) {
      for (const [place, offset] of offsets) if (offset.topic === topic) offsets.delete(place);
    }
  }
}

const key = (topic: string, partition: number): string => `${topic}/${partition}`;
