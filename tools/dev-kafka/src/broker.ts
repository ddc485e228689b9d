import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommittedOffsets } from './group/committed-offsets.js';
import { Groups } from './group/groups.js';
import { Journal } from './log/journal.js';
import { OpenFiles } from './log/open-files.js';
import type { StateEntry } from './log/state-entry.js';
import { type TopicLimits, Topics } from './log/topics.js';
import type { Logger } from './logger.js';
import { ProducerIds } from './transaction/producer-ids.js';
import { Transactions } from './transaction/transactions.js';

/** Partitions in use at one time keep a descriptor; many systems give a process 1024. */
const OPEN_FILES = 200;

export interface BrokerOptions {
  readonly dataDir: string;
  readonly limits: TopicLimits;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Everything behind the protocol: the topics on disk, and who reads and writes them. Knows no sockets. */
export class Broker {
  readonly topics: Topics;
  readonly offsets: CommittedOffsets;
  readonly groups: Groups;
  readonly producerIds: ProducerIds;
  readonly transactions: Transactions;
  readonly now: () => number;
  readonly #files = new OpenFiles(OPEN_FILES);
  readonly #journal: Journal<StateEntry>;
  readonly #logger: Logger;

  /** Reads what is in the folder, and finishes transactions whose end was decided before a crash. */
  constructor({ dataDir, limits, logger, now }: BrokerOptions) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.now = now;
    this.#logger = logger;
    this.topics = new Topics(join(dataDir, 'topics'), this.#files, limits, (message) => logger.warn({}, message));
    const stores = (): Pick<ProducerIds, 'apply' | 'snapshot'>[] => [this.producerIds, this.offsets, this.transactions];
    const journal = new Journal<StateEntry>(join(dataDir, 'state.journal'), this.#files, () =>
      stores().flatMap((store) => store.snapshot()),
    );
    this.#journal = journal;
    this.producerIds = new ProducerIds(journal);
    this.offsets = new CommittedOffsets(journal);
    this.groups = new Groups(this.offsets, now);
    const { topics, offsets, producerIds } = this;
    this.transactions = new Transactions({ topics, offsets, producerIds, journal, now });
    const cutOff = journal.replay((entry) => stores().forEach((store) => store.apply(entry)));
    if (cutOff > 0) logger.warn({ bytes: cutOff }, 'The state journal ended in a torn entry, which is cut off');
    this.transactions.tick();
    this.topics.applyRetention(now());
  }

  deleteTopic(topic: string): void {
    this.topics.delete(topic);
    this.offsets.deleteTopic(topic);
  }

  /** To be called several times a second: what is due happens here. */
  tick(): void {
    try {
      this.groups.tick();
      this.transactions.tick();
      this.#journal.compactIfLarge();
    } catch (error) {
      this.#logger.warn({ err: error }, 'Work in the background failed and is tried again');
    }
  }

  applyRetention(): void {
    try {
      this.topics.applyRetention(this.now());
    } catch (error) {
      this.#logger.warn({ err: error }, 'Old segments could not be removed');
    }
  }

  close(): void {
    this.groups.close();
    this.topics.close();
    this.#files.closeAll();
  }
}
