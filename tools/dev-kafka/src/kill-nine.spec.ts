import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { type Admin, type Consumer, Kafka, logLevel, Partitioners, type Producer, type ProducerConfig } from 'kafkajs';
import { ChildBroker } from './child-broker.fixture.js';
import { PATIENT } from './temporary-kafka.fixture.js';

let dataDir: string;
let address: string;
let broker: ChildBroker;
let kafka: Kafka;
let clients: (Producer | Consumer | Admin)[];

async function startBroker(port: string): Promise<void> {
  broker = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir, DEV_KAFKA_PORT: port });
  address = await broker.ready();
}

/** On the same port, as the launcher does it. */
async function killAndRestart(): Promise<void> {
  await broker.end('SIGKILL');
  await startBroker(address.split(':')[1] ?? '');
}

async function producer(config: ProducerConfig): Promise<Producer> {
  const created = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...config });
  clients.push(created);
  await created.connect();
  return created;
}

/** What a new group reads, in an array that goes on growing. */
async function follow(topic: string): Promise<string[]> {
  const values: string[] = [];
  const consumer = kafka.consumer({ groupId: `reader of ${topic}`, maxWaitTimeInMs: 100, heartbeatInterval: 100 });
  clients.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void values.push(`${message.value}`)) });
  return values;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'dev-kafka-kill-'));
  await startBroker('0');
  kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: PATIENT });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.disconnect();
  await broker.end('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

describe('kill -9 under load', () => {
  it('loses no acknowledged record, and doubles none of an idempotent producer', async () => {
    const acknowledged: Record<string, string[]> = { plain: [], idempotent: [] };
    let isOver = false;
    const load = Object.entries(acknowledged).map(async ([topic, values]) => {
      const sender = await producer({ idempotent: topic === 'idempotent' });
      for (let round = 0; !isOver; round++) {
        const batch = Array.from({ length: 5 }, (_, index) => `${round}.${index}`);
        await sender.send({ topic, acks: -1, messages: batch.map((value) => ({ key: value, value })) });
        values.push(...batch);
      }
    });
    const total = () => Object.values(acknowledged).reduce((sum, values) => sum + values.length, 0);
    for (let kill = 1; kill <= 3; kill++) {
      const enough = total() + 300;
      await eventually(() => expect(total()).toBeGreaterThan(enough), 20_000, 5);
      await killAndRestart();
    }
    isOver = true;
    await Promise.all(load);
    for (const [topic, values] of Object.entries(acknowledged)) {
      const read = await follow(topic);
      await eventually(() => expect(values.filter((value) => !read.includes(value))).toEqual([]));
    }
    const admin = kafka.admin();
    clients.push(admin);
    await admin.connect();
    const inLog = (await admin.fetchTopicOffsets('idempotent')).reduce((sum, { high }) => sum + Number(high), 0);
    expect(inLog).toBe(acknowledged['idempotent']?.length);
    console.log(`${total()} acknowledged records over 3 kills, none lost`);
  });

  it('keeps the committed offsets of a group whose members then join again by themselves', async () => {
    const sender = await producer({});
    await sender.send({ topic: 'steps', messages: [{ value: 'before' }] });
    const values = await follow('steps');
    const admin = kafka.admin();
    clients.push(admin);
    await admin.connect();
    const committed = async () => {
      const [topic] = await admin.fetchOffsets({ groupId: 'reader of steps', topics: ['steps'] });
      return topic?.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    };
    await eventually(async () => expect(await committed()).toBe(1));
    await killAndRestart();
    expect(await committed()).toBe(1);
    await sender.send({ topic: 'steps', messages: [{ value: 'after' }] });
    await eventually(() => expect(values).toEqual(['before', 'after']), 20_000);
  });

  it('lets a producer commit the transaction that it had begun before', async () => {
    const config = { transactionalId: 'writer', idempotent: true, maxInFlightRequests: 1 };
    const transaction = await (await producer(config)).transaction();
    await transaction.send({ topic: 'ledger', messages: [{ key: 'k', value: 'before' }] });
    await killAndRestart();
    await transaction.send({ topic: 'ledger', messages: [{ key: 'k', value: 'after' }] });
    const values = await follow('ledger');
    expect(values).toEqual([]);
    await transaction.commit();
    await eventually(() => expect(values).toEqual(['before', 'after']), 20_000);
  });
});
