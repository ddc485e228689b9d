import { describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { PostCreatedSchema } from '@trellis/contracts/blog/v1';
import { createLogger } from '@trellis/telemetry';
import { toRecord } from './cloud-event.js';
import type { Kafka, KafkaRecord } from './kafka.js';
import { createReceiver } from './receive.js';
import type { SqlTransaction, TransactionalDatabase } from './sql-transaction.js';

const logger = createLogger({ name: 'events', level: 'silent' });
const keepAlive = async (): Promise<void> => undefined;

function record(id: string) {
  const payload = toBinary(PostCreatedSchema, create(PostCreatedSchema, { title: 'Hello' }));
  const type = PostCreatedSchema.typeName;
  const event = { id, type, source: 'urn:trellis:spec', time: new Date(0), key: 'post', payload };
  return { ...toRecord(event, {}), partition: 0, offset: '7' };
}

/** A group whose handler counts its calls, over an inbox in memory. `away` has the database refuse transactions. */
function setUp(handle: () => Promise<void> = async () => undefined) {
  const state = { away: false, calls: 0, sent: [] as KafkaRecord[] };
  const inbox = new Set<unknown>();
  const database: TransactionalDatabase<SqlTransaction> = {
    $transaction: async (run) => {
      if (state.away) throw new Error('The database is away');
      const received: unknown[] = [];
      const result = await run({
        $executeRaw: async (_query, _group, id) => {
          if (id === undefined || inbox.has(id)) return 0;
          received.push(id);
          return 1;
        },
      });
      received.forEach((id) => inbox.add(id));
      return result;
    },
  };
  const kafka: Kafka = {
    ping: async () => undefined,
    ensureTopics: async () => undefined,
    send: async (records) => void state.sent.push(...records),
    subscribe: () => ({ stop: async () => undefined }),
    close: async () => undefined,
  };
  const handler = {
    schema: PostCreatedSchema,
    handle: async () => {
      state.calls += 1;
      await handle();
    },
  };
  return { state, receive: createReceiver({ kafka, group: 'spec', handlers: [handler], database, logger }) };
}

describe('receiving an event', () => {
  it('has its effect once, however often the event is delivered', async () => {
    const { state, receive } = setUp();
    for (let delivery = 0; delivery < 3; delivery += 1) await receive(record('a'), keepAlive);
    await receive(record('b'), keepAlive);
    expect(state.calls).toBe(2);
  });

  it('asks for it again later while the database is away, and puts nothing aside', async () => {
    const { state, receive } = setUp();
    state.away = true;
    await expect(receive(record('a'), keepAlive)).rejects.toThrow('The database is away');
    expect(state.sent).toEqual([]);
    state.away = false;
    await receive(record('a'), keepAlive);
    expect(state.calls).toBe(1);
  });

  it('does not blame the event when the database goes away while it is handled', async () => {
    const { state, receive } = setUp(async () => {
      state.away = true;
      throw new Error('Connection terminated');
    });
    await expect(receive(record('a'), keepAlive)).rejects.toThrow('The database is away');
    expect({ calls: state.calls, sent: state.sent }).toEqual({ calls: 1, sent: [] });
  });

  it('tries five times, tells the broker in between, and then puts the event aside as it came', async () => {
    const { state, receive } = setUp(() => Promise.reject(new Error('No way')));
    let beats = 0;
    await receive(record('a'), async () => void (beats += 1));
    expect({ calls: state.calls, beats }).toEqual({ calls: 5, beats: 4 });
    expect(state.sent).toEqual([
      expect.objectContaining({
        topic: 'trellis.blog.v1.dlq',
        value: record('a').value,
        headers: expect.objectContaining({ ce_id: 'a', dlq_offset: '7', dlq_error: 'Error: No way' }),
      }),
    ]);
  });

  it('gives the event back when the partition has gone to another member', async () => {
    const { state, receive } = setUp(() => Promise.reject(new Error('No way')));
    const lost = () => Promise.reject(new Error('The group is rebalancing'));
    await expect(receive(record('a'), lost)).rejects.toThrow('The group is rebalancing');
    expect({ calls: state.calls, sent: state.sent }).toEqual({ calls: 1, sent: [] });
  });
});
