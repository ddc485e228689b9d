import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Consumer,
  type ConsumerConfig,
  Kafka,
  type KafkaConfig,
  logLevel,
  Partitioners,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';
import { type DevKafka, startDevKafka } from './start-dev-kafka.js';

/** A broker in a folder of its own, and kafkajs clients that are ended with it. */
export class TemporaryKafka {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'dev-kafka-'));
  readonly #ending: (() => Promise<void>)[] = [];
  #broker: DevKafka | undefined;

  async start(): Promise<string> {
    this.#broker = await startDevKafka({ dataDir: this.dataDir });
    return this.#broker.address;
  }

  async stop(): Promise<void> {
    for (const end of this.#ending) await end();
    await this.#broker?.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  kafka(config: Partial<KafkaConfig> = {}): Kafka {
    const brokers = [this.#broker?.address ?? ''];
    return new Kafka({ clientId: 'spec', brokers, logLevel: logLevel.NOTHING, retry: PATIENT, ...config });
  }

  async admin() {
    const admin = this.kafka().admin();
    await admin.connect();
    this.#ending.push(() => admin.disconnect());
    return admin;
  }

  async producer(config: ProducerConfig = {}, kafka = this.kafka()): Promise<Producer> {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...config });
    await producer.connect();
    this.#ending.push(() => producer.disconnect());
    return producer;
  }

  /** A member of a group, connected and not running yet. */
  async member(groupId: string, topic: string, config: Partial<ConsumerConfig> = {}): Promise<Consumer> {
    const timing = { sessionTimeout: 6_000, heartbeatInterval: 100, maxWaitTimeInMs: 100 };
    const consumer = this.kafka().consumer({ groupId, ...timing, ...config });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    this.#ending.push(() => consumer.disconnect());
    return consumer;
  }

  /** The values of a topic as a new group reads them, in an array that goes on growing. */
  async follow(topic: string, groupId: string = randomUUID(), config?: Partial<ConsumerConfig>): Promise<string[]> {
    const values: string[] = [];
    const consumer = await this.member(groupId, topic, config);
    await consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value?.toString() ?? '');
        return Promise.resolve();
      },
    });
    return values;
  }
}

/** Long enough for a broker to be started again. */
export const PATIENT = { retries: 60, initialRetryTime: 50, maxRetryTime: 250 };
