import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PostCreatedSchema, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { type DevKafka, startDevKafka } from '@trellis/dev-kafka';
import { publish } from '@trellis/events';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { HealthChecks, type ServiceIdentity } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { eventually } from '@trellis/testing';
import { Database } from './database.js';
import { UserModule } from './user.module.js';

const POST = '0194e0a0-0000-7000-8000-00000000000c';
const SOMEBODY = { passwordHash: 'none', email: null, displayName: null };

let postgres: TestPostgres;
let broker: DevKafka;
let dataDir: string;
let app: INestApplicationContext;
let database: Database;
const health = new HealthChecks();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'trellis-user-'));
  [postgres, broker] = await Promise.all([testPostgres(), startDevKafka({ dataDir })]);
  const config = { DATABASE_URL: postgres.url('user'), KAFKA_BROKERS: [broker.address] };
  const logger = createLogger({ name: 'user', level: 'silent' });
  const identity = { instanceId: 'user-spec' } as ServiceIdentity;
  const module = UserModule.with(config, { health, identity, logger });
  app = await NestFactory.createApplicationContext(module, { logger: false });
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await Promise.all([broker.stop(), postgres.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  await database.$executeRaw`TRUNCATE users`;
});

const register = async (username: string) =>
  (await database.user.create({ data: { username, usernameKey: username, ...SOMEBODY } })).id;
const postCount = async (id: string) => (await database.user.findUniqueOrThrow({ where: { id } })).postCount;

/** As the blog does it; which service's outbox an event goes through makes no difference. */
const wrote = (authorId: string, postId = POST) =>
  database.$transaction((tx) => publish(tx, { schema: PostCreatedSchema, message: { postId, authorId }, key: postId }));
const deleted = (authorId: string, postId = POST) =>
  database.$transaction((tx) => publish(tx, { schema: PostDeletedSchema, message: { postId, authorId }, key: postId }));

describe('the user service', () => {
  it('is healthy, and stays ready while Kafka is away', async () => {
    expect(await health.run()).toEqual({ ok: true, checks: { database: 'ok', kafka: 'ok' } });
    const port = Number(broker.address.split(':')[1]);
    await broker.stop();
    expect(await health.run()).toMatchObject({
      ok: true,
      checks: { database: 'ok', kafka: expect.not.stringMatching('ok') },
    });
    broker = await startDevKafka({ dataDir, port });
    await eventually(async () => expect(await health.run()).toMatchObject({ checks: { kafka: 'ok' } }));
  });
});

describe('the number of posts of an account', () => {
  it("follows the blog's events", async () => {
    const [ada, bob] = [await register('ada'), await register('bob')];
    await wrote(ada);
    await wrote(ada, ada);
    await wrote(bob, bob);
    await deleted(ada);
    await wrote(ada);
    await eventually(async () => expect([await postCount(ada), await postCount(bob)]).toEqual([2, 1]));
  });

  it('is not disturbed by posts of accounts that have gone, or never were', async () => {
    const [ada, bob] = [await register('ada'), await register('bob')];
    await wrote(ada);
    await eventually(async () => expect(await postCount(ada)).toBe(1));
    await database.user.delete({ where: { id: ada } });
    await deleted(ada);
    await wrote('no uuid');
    await wrote(bob);
    await eventually(async () => expect(await postCount(bob)).toBe(1));
    expect(await database.user.count()).toBe(1);
  });
});
