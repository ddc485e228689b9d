import type { Logger } from '@trellis/telemetry';
import kafkajs, { type Consumer, type EachMessagePayload, type Kafka as Client, type RetryOptions } from 'kafkajs';
import type { Kafka, KafkaRecord, ReceivedRecord, Subscription } from './kafka.js';
import { kafkajsLog } from './kafkajs-log.js';
import { Outage } from './outage.js';
import { atMost, pause, pauseAfter } from './pause.js';

export interface KafkaOptions {
  /** `host:port` of at least one broker; the others are learned from it. */
  readonly brokers: readonly string[];
  /** How the brokers' logs name this process. */
  readonly clientId: string;
  readonly logger: Logger;
}

/** Partitions of a topic that we create: how many instances of one consumer can share its work. */
const PARTITIONS = 6;
/** Short, since the callers try again by themselves and for ever: about 3 s in all. */
const RETRY: RetryOptions = { retries: 4, initialRetryTime: 200, maxRetryTime: 2000 };
/** Milliseconds until a consumer that died is replaced. The least that Kafka's default `group.min.session.timeout.ms` allows. */
const SESSION_TIMEOUT = 6000;
/** Milliseconds. Below the two seconds after which a health check has failed anyway. */
const PING_TIMEOUT = 1500;
/** Milliseconds that ending a connection may take when the broker does not answer any more. */
const CLOSE_TIMEOUT = 5000;

/** Kafka through kafkajs: the only file that imports it. Nothing is connected before it is needed. */
export function createKafka({ brokers, clientId, logger }: KafkaOptions): Kafka {
  const client = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: RETRY,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkajsLog(logger),
  });
  return new KafkajsKafka(client, logger);
}

class KafkajsKafka implements Kafka {
  readonly #topics = new Set<string>();
  readonly #producer;
  readonly #pinger;

  constructor(
    private readonly client: Client,
    private readonly logger: Logger,
  ) {
    // Named, because kafkajs warns about its default; not idempotent, because inboxes drop what comes twice.
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    this.#producer = client.producer({ createPartitioner, allowAutoTopicCreation: false });
    this.#pinger = client.admin({ retry: { retries: 0 } });
  }

  async ping(): Promise<void> {
    const over = new AbortController();
    const silence = pause(PING_TIMEOUT, over.signal).then(() => {
      throw new Error(`Kafka did not answer within ${PING_TIMEOUT} ms`);
    });
    const answer = this.#pinger.connect().then(() => this.#pinger.describeCluster());
    await Promise.race([answer, silence]).finally(() => over.abort());
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.#topics.has(topic));
    if (unknown.length === 0) return;
    const admin = this.client.admin();
    try {
      await admin.connect();
      await admin.createTopics({
        topics: unknown.map((topic) => ({ topic, numPartitions: PARTITIONS })),
        timeout: 5000,
      });
    } finally {
      await atMost(CLOSE_TIMEOUT, admin.disconnect());
    }
    for (const topic of unknown) this.#topics.add(topic);
  }

  async send(records: readonly KafkaRecord[]): Promise<void> {
    const byTopic = Map.groupBy(records, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, messages]) => ({
      topic,
      messages: messages.map(({ key, value, headers }) => ({
        key,
        value: Buffer.from(value),
        headers: { ...headers },
      })),
    }));
    try {
      await this.#producer.connect();
      await this.#producer.sendBatch({ topicMessages, acks: -1, timeout: 10_000 });
    } catch (error) {
      for (const topic of byTopic.keys()) this.#topics.delete(topic); // asked again, also to see whether the broker is back
      throw error;
    }
  }

  subscribe(subscription: Subscription): { stop(): Promise<void> } {
    const stopping = new AbortController();
    const following = this.#follow(subscription, stopping.signal);
    return {
      stop: async () => {
        stopping.abort();
        await atMost(2 * CLOSE_TIMEOUT, following);
      },
    };
  }

  async close(): Promise<void> {
    await atMost(CLOSE_TIMEOUT, Promise.allSettled([this.#producer.disconnect(), this.#pinger.disconnect()]));
  }

  /** A new consumer after each crash: kafkajs's own restarts give up on some errors. */
  async #follow(subscription: Subscription, stop: AbortSignal): Promise<void> {
    const outage = new Outage(this.logger, `Consuming as ${subscription.group}`);
    while (!stop.aborted) {
      const consumer = this.client.consumer({
        groupId: subscription.group,
        sessionTimeout: SESSION_TIMEOUT,
        heartbeatInterval: SESSION_TIMEOUT / 4,
        rebalanceTimeout: SESSION_TIMEOUT,
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        retry: { ...RETRY, restartOnFailure: async () => false },
      });
      try {
        await this.#consume(consumer, subscription, stop, () => outage.worked());
      } catch (error) {
        outage.failed(error);
      } finally {
        await atMost(CLOSE_TIMEOUT, Promise.allSettled([consumer.disconnect()]));
      }
      await pause(pauseAfter(outage.failures), stop);
    }
  }

  /** Until the signal; rejects when the consumer crashes. */
  async #consume(consumer: Consumer, subscription: Subscription, stop: AbortSignal, joined: () => void): Promise<void> {
    const end = Promise.withResolvers<void>();
    consumer.on(consumer.events.CRASH, ({ payload }) => end.reject(payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      joined();
      this.logger.info({ group: payload.groupId, partitions: payload.memberAssignment }, 'Joined the consumer group');
    });
    const stopped = (): void => end.resolve();
    stop.addEventListener('abort', stopped);
    try {
      if (stop.aborted) return;
      await this.ensureTopics(subscription.topics);
      await consumer.connect();
      await consumer.subscribe({ topics: [...subscription.topics], fromBeginning: true });
      await consumer.run({
        partitionsConsumedConcurrently: 3,
        eachMessage: (payload) => subscription.receive(received(payload), payload.heartbeat),
      });
      await end.promise;
    } finally {
      stop.removeEventListener('abort', stopped); // or one more would stay with each consumer while the broker is away
    }
  }
}

function received({ topic, partition, message }: EachMessagePayload): ReceivedRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name] = last.toString();
  }
  const { offset } = message;
  return {
    topic,
    partition,
    offset,
    key: message.key?.toString() ?? '',
    value: message.value ?? new Uint8Array(),
    headers,
  };
}
