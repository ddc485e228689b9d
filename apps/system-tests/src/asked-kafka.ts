import { eventually } from '@trellis/testing';
import kafkajs, {
  type Admin,
  type Consumer,
  type ConsumerConfig,
  type ISocketFactory,
  type KafkaMessage,
  type Message,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';

/** As in libs/events, but with shorter pauses: a refusal that kafkajs takes for a passing one is asked for five times. */
const RETRY = { retries: 4, initialRetryTime: 50, maxRetryTime: 400 };
/** The shortest session that Kafka allows by default, and a first rebalance without the default wait for others. */
const MEMBER: Partial<ConsumerConfig> = { sessionTimeout: 6000, heartbeatInterval: 300, maxWaitTimeInMs: 100 };

/** A record as it is compared: bytes as text, headers in their order. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
}

/** Asks one thing, on topics and groups of its own; the answer is compared as JSON. */
export type Question = (kafka: AskedKafka) => Promise<unknown>;

/** One broker as the questions see it, through the client and its settings that the services use. */
export class AskedKafka {
  readonly client: kafkajs.Kafka;
  readonly #ending: (() => Promise<unknown>)[] = [];

  /** `prefix` makes the names of this question its own. */
  constructor(
    readonly address: string,
    readonly prefix: string,
    socketFactory?: ISocketFactory,
  ) {
    this.client = new kafkajs.Kafka({
      brokers: [address],
      ...(socketFactory && { socketFactory }),
      clientId: 'differences',
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      retry: RETRY,
      logLevel: kafkajs.logLevel.NOTHING,
    });
  }

  name(what: string): string {
    return `${this.prefix}-${what}`;
  }

  async admin(): Promise<Admin> {
    return this.#connected(this.client.admin());
  }

  async producer(config: ProducerConfig = {}): Promise<Producer> {
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    return this.#connected(this.client.producer({ createPartitioner, allowAutoTopicCreation: false, ...config }));
  }

  transactional(transactionalId: string, config: ProducerConfig = {}): Promise<Producer> {
    return this.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1, ...config });
  }

  async consumer(groupId: string, config: Partial<ConsumerConfig> = {}): Promise<Consumer> {
    const retry = { ...RETRY, restartOnFailure: () => Promise.resolve(false) };
    const settings = { ...MEMBER, allowAutoTopicCreation: false, retry, ...config };
    return this.#connected(this.client.consumer({ groupId, ...settings }));
  }

  /**
   * Makes a topic of so many partitions, and returns its whole name when each of them answers: while some do not yet, Kafka
   * takes a part of what is sent, and a plain producer sends that part twice.
   */
  async topic(what: string, numPartitions = 1): Promise<string> {
    const topic = this.name(what);
    const admin = await this.admin();
    await admin.createTopics({ topics: [{ topic, numPartitions }] });
    await eventually(() => admin.fetchTopicOffsets(topic));
    return topic;
  }

  /** Sends to partition 0 unless a message says otherwise. */
  async send(topic: string, messages: Message[], config: ProducerConfig = {}): Promise<void> {
    const producer = await this.producer(config);
    await producer.send({ topic, messages: messages.map((message) => ({ partition: 0, ...message })) });
  }

  /** The first records of a topic as a new group reads them, sorted; `each` may add to what is compared. */
  async read<T extends object = object>(
    topic: string,
    count: number,
    { group = `${topic}-reader`, each = () => ({}) as T, ...config }: ReadOptions<T> = {},
  ): Promise<(ReadRecord & T)[]> {
    const consumer = await this.consumer(group, config);
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const records: (ReadRecord & T)[] = [];
    await consumer.run({
      eachMessage: ({ partition, message }) => {
        const { offset, key, value } = message;
        records.push({
          ...{ partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? null },
          ...each(message),
        });
        return Promise.resolve();
      },
    });
    await eventually(() => {
      if (records.length < count) throw new Error(`${topic} has given ${records.length} records of ${count}`);
    }, 20_000).catch((error: Error) => records.push({ missing: error.message } as never));
    await consumer.disconnect(); // which commits
    return records.toSorted((a, b) => a.partition - b.partition || Number(a.offset) - Number(b.offset));
  }

  /** Ends every client. */
  async end(): Promise<void> {
    for (const end of this.#ending.splice(0)) await end();
  }

  async #connected<T extends Admin | Producer | Consumer>(client: T): Promise<T> {
    await client.connect();
    this.#ending.push(() => client.disconnect());
    return client;
  }
}

interface ReadOptions<T> extends Partial<ConsumerConfig> {
  readonly group?: string;
  readonly each?: (message: KafkaMessage) => T;
}

/** What came of it: the value, or the refusal as kafkajs names it. */
export async function outcome(asked: () => Promise<unknown>): Promise<object> {
  try {
    return { answer: (await asked()) ?? null };
  } catch (error) {
    return { refused: refusal(error) };
  }
}

function refusal(error: unknown): unknown {
  const { name, type, message, cause, errors, groups } = error as Error & {
    readonly type?: string;
    readonly errors?: readonly Error[];
    readonly groups?: readonly { readonly error?: Error }[];
  };
  if (type !== undefined) return type;
  if (errors) return errors.map(refusal);
  if (groups) return groups.map((group) => refusal(group.error));
  return cause === undefined ? `${name}: ${message}` : refusal(cause);
}
