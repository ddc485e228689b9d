import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { SpanKind } from '@opentelemetry/api';
import { type PostCreated, PostCreatedSchema, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { type DevKafka, startDevKafka } from '@trellis/dev-kafka';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { createLogger, inSpan } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import { createConsumer } from './consumer.js';
import type { Kafka, KafkaRecord, ReceivedRecord } from './kafka.js';
import { createKafka } from './kafkajs.js';
import { type Delivery, OnEvent, eventHandlers } from './on-event.js';
import { createOutboxRelay } from './outbox-relay.js';
import { publish } from './publish.js';
import type { SqlTransaction } from './sql-transaction.js';
import { type EventDatabase, createEventDatabase } from './testing.js';

const TOPIC = 'trellis.blog.v1';
const logger = createLogger({ name: 'events', level: 'silent' });
const spans = recordSpans();

let postgres: TestPostgres;
let dataDir: string;
let broker: DevKafka;
let kafka: Kafka;
let url: string;
let database: EventDatabase;
let run = 0;
let running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await testPostgres();
});

afterAll(() => postgres.stop());

beforeEach(async () => {
  run += 1;
  dataDir = await mkdtemp(join(tmpdir(), 'trellis-events-'));
  broker = await startDevKafka({ dataDir });
  kafka = createKafka({ brokers: [broker.address], clientId: 'spec', logger });
  url = postgres.url(`events_${run}`);
  database = await createEventDatabase(postgres.url('postgres'), url);
  spans.reset();
});

afterEach(async () => {
  await Promise.all(running.map((part) => part.stop()));
  running = [];
  await kafka.close();
  await broker.stop();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

class Titles {
  @OnEvent(PostCreatedSchema)
  async onPostCreated({ title }: PostCreated, { tx }: Delivery): Promise<void> {
    await tx.$executeRaw`INSERT INTO effects (what) VALUES (${title})`;
    if (title.startsWith('poison')) throw new Error('This title cannot be handled');
  }
}

const LIMITS = { maxWait: 10_000, timeout: 10_000 };
const publishTitle = (tx: SqlTransaction, title: string, key: string) =>
  publish(tx, { schema: PostCreatedSchema, message: { postId: key, title }, key });
const write = (title: string, key = 'post') => database.$transaction((tx) => publishTitle(tx, title, key), LIMITS);
const effects = async () =>
  (await database.query<{ what: string }>('SELECT what FROM effects ORDER BY id')).map(({ what }) => what);
const waiting = async () => (await database.query('SELECT FROM outbox')).length;

function started<Part extends { start(): void; stop(): Promise<void> }>(part: Part): Part {
  part.start();
  running.push(part);
  return part;
}
const startRelay = (through: Kafka = kafka) =>
  started(createOutboxRelay({ databaseUrl: url, kafka: through, source: 'urn:trellis:spec', logger }));
const startConsumer = () =>
  started(createConsumer({ kafka, group: 'spec', handlers: eventHandlers(new Titles()), database, logger }));

/** Everything that a topic holds, read by a group of its own. */
function follow(topic: string): ReceivedRecord[] {
  const records: ReceivedRecord[] = [];
  const receive = async (record: ReceivedRecord): Promise<void> => {
    records.push(record);
  };
  running.push(kafka.subscribe({ group: `follow-${topic}`, topics: [topic], receive }));
  return records;
}

describe('events', () => {
  it('go out when their transaction commits, and only then', async () => {
    startConsumer();
    const relay = startRelay();
    const refused = database.$transaction(async (tx) => {
      await publishTitle(tx, 'rolled back', 'post');
      throw new Error('The change was refused');
    }, LIMITS);
    await expect(refused).rejects.toThrow('refused');
    await write('committed');
    relay.wake();
    await eventually(async () => expect(await effects()).toEqual(['committed']));
    expect(await waiting()).toBe(0);
  });

  it('carry the CloudEvents attributes beside a protobuf payload', async () => {
    const records = follow(TOPIC);
    startRelay();
    await write('Hello', 'post-1');
    await eventually(() => expect(records).toHaveLength(1));
    expect(records[0]).toMatchObject({
      topic: TOPIC,
      key: 'post-1',
      headers: {
        ce_specversion: '1.0',
        ce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ce_type: 'trellis.blog.v1.PostCreated',
        ce_source: 'urn:trellis:spec',
        ce_time: expect.stringMatching(/^\d{4}-.*Z$/),
        'content-type': 'application/protobuf',
      },
    });
  });

  it('stay one trace, root to consumer, also when the relay was restarted in between', async () => {
    const first = startRelay();
    await write('before');
    first.wake();
    await eventually(async () => expect(await waiting()).toBe(0));
    await first.stop();
    spans.reset();

    const root = await inSpan('request', { kind: SpanKind.SERVER }, async (span) => {
      await write('after');
      return span.spanContext();
    });
    startConsumer();
    startRelay();
    await eventually(async () => expect(await effects()).toEqual(['before', 'after']));
    const ofTrace = await eventually(() => {
      const finished = spans.getFinishedSpans().filter((span) => span.spanContext().traceId === root.traceId);
      expect(finished).toHaveLength(3);
      return finished;
    });
    const byKind = (kind: SpanKind) => ofTrace.find((span) => span.kind === kind);
    const producer = byKind(SpanKind.PRODUCER);
    const receiver = byKind(SpanKind.CONSUMER);
    expect(producer).toMatchObject({ name: `send ${TOPIC}`, parentSpanContext: { spanId: root.spanId } });
    expect(receiver).toMatchObject({
      name: `process ${TOPIC}`,
      parentSpanContext: { spanId: producer?.spanContext().spanId },
    });
  });

  it('of several traces that go out together are joined by a batch with links both ways', async () => {
    const writes = ['one', 'two'].map((title) =>
      inSpan(title, { kind: SpanKind.SERVER }, async (span) => {
        await write(title);
        return span.spanContext().traceId;
      }),
    );
    const traces = await Promise.all(writes);
    startRelay();
    const [batch, sends] = await eventually(() => {
      const finished = spans.getFinishedSpans();
      const batches = finished.filter(({ kind }) => kind === SpanKind.CLIENT);
      expect(batches).toHaveLength(1);
      return [batches[0], finished.filter(({ kind }) => kind === SpanKind.PRODUCER)];
    });
    expect(batch).toMatchObject({
      name: `send ${TOPIC}`,
      parentSpanContext: undefined,
      attributes: { 'messaging.batch.message_count': 2, 'messaging.destination.name': TOPIC },
    });
    expect(batch?.links.map(({ context }) => context.traceId).toSorted()).toEqual(traces.toSorted());
    for (const { links } of sends) expect(links.map(({ context }) => context)).toEqual([batch?.spanContext()]);
  });

  it('have one effect when the relay dies between sending and deleting', async () => {
    const died = Promise.withResolvers<void>();
    const dying: Kafka = {
      ...boundTo(kafka),
      send: async (records: readonly KafkaRecord[]) => {
        await kafka.send(records);
        died.resolve();
        throw new Error('The relay died here');
      },
    };
    const records = follow(TOPIC);
    const first = startRelay(dying);
    await write('once');
    await died.promise;
    await first.stop();
    expect(await waiting()).toBe(1);

    startRelay();
    startConsumer();
    await eventually(() => expect(records.length).toBeGreaterThanOrEqual(2));
    expect(new Set(records.map(({ headers }) => headers['ce_id'])).size).toBe(1);
    await write('last');
    await eventually(async () => expect(await effects()).toEqual(['once', 'last']));
  });

  it('are put aside when they cannot be handled, and do not hold up the others', async () => {
    startConsumer();
    startRelay();
    const letters = follow(`${TOPIC}.dlq`);
    await kafka.ensureTopics([TOPIC]);
    const garbage = { ce_specversion: '1.0', ce_id: 'x', ce_type: 'trellis.blog.v1.PostCreated', ce_source: 'urn:x' };
    await kafka.send([
      {
        topic: TOPIC,
        key: 'post',
        value: new Uint8Array([255]),
        headers: { ...garbage, ce_time: '2026-01-01T00:00:00Z' },
      },
      { topic: TOPIC, key: 'post', value: new Uint8Array(), headers: {} },
    ]);
    await write('poison');
    await write('healthy');
    await eventually(async () => expect(await effects()).toEqual(['healthy']), 15_000);
    await eventually(() => expect(letters).toHaveLength(3));
    const errors = letters.map(({ headers }) => headers['dlq_error'] ?? '');
    expect(errors[1]).toContain('ce_specversion is missing');
    expect(letters[2]).toMatchObject({
      key: 'post',
      headers: {
        ce_type: 'trellis.blog.v1.PostCreated',
        dlq_group: 'spec',
        dlq_topic: TOPIC,
        dlq_error: 'Error: This title cannot be handled',
      },
    });
  });

  it('of types that nobody handles are passed over', async () => {
    startConsumer();
    startRelay();
    await database.$transaction(
      (tx) => publish(tx, { schema: PostDeletedSchema, message: { postId: 'post' }, key: 'post' }),
      LIMITS,
    );
    await write('handled');
    await eventually(async () => expect(await effects()).toEqual(['handled']));
    expect(await database.query('SELECT FROM inbox')).toHaveLength(1);
  });

  it('of one key keep the order of their commits while several relays compete', async () => {
    const records = follow(TOPIC);
    const relays = [startRelay(), startRelay(), startRelay()];
    const keys = Array.from({ length: 12 }, (_, index) => `post-${index}`);
    const writeAll = keys.map(async (key) => {
      for (let n = 0; n < 15; n += 1) {
        await write(String(n), key);
        relays[n % relays.length]?.wake();
      }
    });
    await Promise.all(writeAll);
    await eventually(() => expect(records).toHaveLength(12 * 15), 15_000);
    const ofKey = (wanted: string) => records.filter(({ key }) => key === wanted).map(({ value }) => titleIn(value));
    for (const key of keys) expect(ofKey(key)).toEqual(Array.from({ length: 15 }, (_, n) => String(n)));
    expect(await waiting()).toBe(0);
  });

  it('wait in the outbox while Kafka is away, and go out when it is back', async () => {
    const port = Number(broker.address.split(':')[1]);
    await broker.stop();
    await expect(kafka.ping()).rejects.toThrow();
    startRelay();
    startConsumer();
    await write('patient');
    await expect(kafka.ping()).rejects.toThrow();
    expect(await waiting()).toBe(1);
    expect(spans.getFinishedSpans()).toEqual([]);

    broker = await startDevKafka({ dataDir, port });
    await eventually(async () => expect(await effects()).toEqual(['patient']), 25_000);
    await kafka.ping();
  });

  it('make no spans while there are none', async () => {
    const relay = startRelay();
    startConsumer();
    await kafka.ensureTopics([TOPIC]);
    for (let poll = 0; poll < 5; poll += 1) {
      relay.wake();
      await kafka.ping();
    }
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

const boundTo = (real: Kafka): Kafka => ({
  ping: () => real.ping(),
  ensureTopics: (topics) => real.ensureTopics(topics),
  send: (records) => real.send(records),
  subscribe: (subscription) => real.subscribe(subscription),
  close: () => real.close(),
});

const titleIn = (value: Uint8Array): string => fromBinary(PostCreatedSchema, value).title;
