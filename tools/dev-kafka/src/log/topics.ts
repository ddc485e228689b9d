import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { OpenFiles } from './open-files.js';
import { type LogLimits, PartitionLog } from './partition-log.js';

export interface TopicLimits extends LogLimits {
  /** Partitions of all topics together. Each costs about 2 kB and, while it is in use, a descriptor. */
  readonly maxPartitions: number;
  /** Partitions of a topic when nobody says how many. */
  readonly defaultPartitions: number;
}

/** Kafka's own rule; the two reserved ones would be folders. */
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;
/** Kafka's metrics write "." as "_", so it lets no two topics differ by that alone. */
const nameOfMetrics = (topic: string): string => topic.replaceAll('.', '_');
/** A topic never starts with a tilde, so these cannot be taken for one. */
const UNFINISHED = '~';

/**
 * The topics, each a folder with a folder per partition. The folders are the truth: there is no list of topics beside
 * them that could disagree. A topic appears and disappears with one rename.
 */
export class Topics {
  readonly #topics = new Map<string, PartitionLog[]>();

  constructor(
    readonly folder: string,
    readonly files: OpenFiles,
    readonly limits: TopicLimits,
    readonly warn: (message: string) => void,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) {
      if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true });
      else if (NAME.test(name))
        this.#open(name, readdirSync(join(folder, name)).filter((entry) => /^\d+$/.test(entry)).length);
    }
  }

  get names(): string[] {
    return [...this.#topics.keys()];
  }

  find(topic: string): readonly PartitionLog[] | undefined {
    return this.#topics.get(topic);
  }

  /** Throws `KafkaError` UNKNOWN_TOPIC_OR_PARTITION. */
  partition(topic: string, partition: number): PartitionLog {
    const log = this.#topics.get(topic)?.[partition];
    if (!log) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no ${topic}/${partition}`);
    return log;
  }

  /** Throws `KafkaError` for a name that no topic can have. */
  checkName(topic: string): void {
    if (NAME.test(topic)) return;
    throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION, 'A topic is 1 to 249 letters, digits, ".", "_" or "-"');
  }

  /** Throws `KafkaError`. With `dryRun` it only checks. */
  create(topic: string, partitions = this.limits.defaultPartitions, dryRun = false): void {
    this.checkName(topic);
    if (this.#topics.has(topic)) {
      throw new KafkaError(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic "${topic}" already exists.`);
    }
    const twin = this.names.find((name) => nameOfMetrics(name) === nameOfMetrics(topic));
    if (twin !== undefined) {
      throw new KafkaError(ErrorCode.INVALID_TOPIC_EXCEPTION, `Topic "${topic}" collides with "${twin}"`);
    }
    this.#checkCount(0, partitions);
    if (dryRun) return;
    const draft = mkdtempSync(join(this.folder, UNFINISHED));
    for (let index = 0; index < partitions; index++) mkdirSync(join(draft, String(index)));
    renameSync(draft, join(this.folder, topic));
    this.#open(topic, partitions);
  }

  /** Throws `KafkaError` unless the topic is there and gets larger. */
  grow(topic: string, partitions: number, dryRun: boolean): void {
    const current = this.partition(topic, 0) && (this.#topics.get(topic)?.length ?? 0);
    this.#checkCount(current, partitions);
    if (!dryRun) this.#open(topic, partitions);
  }

  delete(topic: string): void {
    const logs = this.#topics.get(topic);
    if (!logs) throw new KafkaError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic "${topic}"`);
    this.#topics.delete(topic);
    for (const log of logs) log.close();
    const grave = mkdtempSync(join(this.folder, UNFINISHED));
    renameSync(join(this.folder, topic), join(grave, topic));
    rmSync(grave, { recursive: true, force: true });
  }

  applyRetention(now: number): void {
    for (const logs of this.#topics.values()) for (const log of logs) log.applyRetention(now);
  }

  close(): void {
    for (const logs of this.#topics.values()) for (const log of logs) log.close();
  }

  #open(topic: string, partitions: number): void {
    const logs = this.#topics.get(topic) ?? [];
    for (let index = logs.length; index < partitions; index++) {
      logs.push(new PartitionLog(join(this.folder, topic, String(index)), this.files, this.limits, this.warn));
    }
    this.#topics.set(topic, logs);
  }

  #checkCount(current: number, wanted: number): void {
    if (wanted <= current) {
      throw new KafkaError(
        ErrorCode.INVALID_PARTITIONS,
        `The topic has ${current} partitions, ${wanted} were asked for`,
      );
    }
    const others = [...this.#topics.values()].reduce((sum, logs) => sum + logs.length, 0) - current;
    if (others + wanted > this.limits.maxPartitions) {
      throw new KafkaError(
        ErrorCode.POLICY_VIOLATION,
        `dev-kafka keeps at most ${this.limits.maxPartitions} partitions`,
      );
    }
  }
}
