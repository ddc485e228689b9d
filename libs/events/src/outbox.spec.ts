import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostCreatedSchema } from '@trellis/contracts/blog/v1';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import fc from 'fast-check';
import pg from 'pg';
import { Outbox } from './outbox.js';
import { publish } from './publish.js';
import { SHARDS, shardOf } from './shard.js';
import type { SqlTransaction } from './sql-transaction.js';
import { type EventDatabase, createEventDatabase } from './testing.js';

const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);
const LIMITS = { maxWait: 10_000, timeout: 10_000 };

let postgres: TestPostgres;
let database: EventDatabase;
let connections: pg.Client[] = [];
let run = 0;

beforeAll(async () => {
  postgres = await testPostgres();
});

afterAll(() => postgres.stop());

beforeEach(async () => {
  run += 1;
  database = await createEventDatabase(postgres.url('postgres'), postgres.url(`outbox_${run}`));
});

afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.end()));
  connections = [];
  await database.close();
});

async function openOutbox(): Promise<Outbox> {
  const connection = new pg.Client({ connectionString: postgres.url(`outbox_${run}`) });
  await connection.connect();
  connections.push(connection);
  return new Outbox(connection, 'urn:trellis:spec');
}

const put = (tx: SqlTransaction, key: string, title = '') =>
  publish(tx, { schema: PostCreatedSchema, message: { postId: key, title }, key });

describe('the outbox', () => {
  it('knows how many events wait, up to a bound, and since when the oldest', async () => {
    const outbox = await openOutbox();
    expect(await outbox.backlog(10)).toEqual({ pending: 0, lag: 0 });
    await database.$transaction(async (tx) => {
      for (const key of ['a', 'b', 'c']) await put(tx, key);
      await tx.$executeRaw`UPDATE outbox SET created_at = now() - interval '90 seconds' WHERE key = 'a'`;
    }, LIMITS);
    const { pending, lag } = await outbox.backlog(2);
    expect(pending).toBe(2);
    expect(lag).toBeGreaterThanOrEqual(90);
  });

  it('holds a younger event back until every older transaction has ended', async () => {
    const outbox = await openOutbox();
    const olderMayEnd = Promise.withResolvers<void>();
    const olderHasWritten = Promise.withResolvers<void>();
    const older = database.$transaction(async (tx) => {
      await put(tx, 'older');
      olderHasWritten.resolve();
      await olderMayEnd.promise;
    }, LIMITS);
    await olderHasWritten.promise;
    await database.$transaction((tx) => put(tx, 'younger'), LIMITS);

    expect(await outbox.waitingShards()).toEqual([shardOf('younger')]);
    expect(await outbox.read(ALL, 10)).toEqual([]);
    olderMayEnd.resolve();
    await older;
    expect((await outbox.read(ALL, 10)).map(({ event }) => event.key)).toEqual(['older', 'younger']);
  });

  it('leases a shard to one relay at a time, until it is released or its connection is gone', async () => {
    const [first, second] = [await openOutbox(), await openOutbox()];
    expect(await first.lease([0, 1, 2])).toEqual([0, 1, 2]);
    expect(await second.lease(ALL)).toEqual(ALL.slice(3));
    await first.release([1]);
    expect(await second.lease([0, 1, 2])).toEqual([1]);
    await connections.shift()?.end();
    expect(await second.lease([0, 2])).toEqual([0, 2]);
  });

  it('forgets an event when it is removed', async () => {
    const outbox = await openOutbox();
    await database.$transaction((tx) => put(tx, 'post'), LIMITS);
    await outbox.remove(await outbox.read(ALL, 10));
    expect(await outbox.waitingShards()).toEqual([]);
  });

  it('refuses a message that Kafka might not take', async () => {
    const tooLarge = database.$transaction((tx) => put(tx, 'post', 'x'.repeat(70_000)), LIMITS);
    await expect(tooLarge).rejects.toThrow(RangeError);
  });
});

describe('shardOf', () => {
  it('is one of the shards, the same for the same key', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(ALL).toContain(shardOf(key));
        expect(shardOf(key)).toBe(shardOf(key));
      }),
    );
  });

  it('uses all shards evenly enough', () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 8000; n += 1) counts.set(shardOf(`post-${n}`), (counts.get(shardOf(`post-${n}`)) ?? 0) + 1);
    expect(Math.min(...ALL.map((shard) => counts.get(shard) ?? 0))).toBeGreaterThan(800);
  });
});
