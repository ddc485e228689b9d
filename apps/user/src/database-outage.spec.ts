import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOutage } from '@trellis/database';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { HealthChecks } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { Database } from './database.js';

const ID = '0194e0a0-0000-7000-8000-000000000000';

describe('a database that goes away', () => {
  let postgres: TestPostgres;
  let cable: Awaited<ReturnType<typeof layCable>>;
  let database: Database;

  beforeAll(async () => {
    postgres = await testPostgres();
    const url = new URL(postgres.url('user'));
    cable = await layCable(Number(url.port));
    url.port = String(cable.port);
    database = new Database(url.href, new HealthChecks(), createLogger({ name: 'user', level: 'silent' }));
    await database.onModuleInit();
  });
  afterAll(async () => {
    await database.onApplicationShutdown();
    cable.close();
    await postgres.stop();
  });

  const find = () => database.user.findUnique({ where: { id: ID } });
  const failure = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'none',
      (error: unknown) => (isOutage(error) ? 'outage' : error),
    );
  const sleeping = async () => {
    const [row] = await database.$queryRaw<{ n: bigint }[]>`
      SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`;
    return Number(row?.n);
  };

  it('is told from a wrong question', async () => {
    expect(await failure(database.$queryRaw`SELECT no_such_column`)).not.toBe('outage');
    expect(await failure(database.user.create({ data: { id: 'x' } as never }))).not.toBe('outage');
  });

  it('is seen by who waits for it, by who asks next and within a transaction, and it may come back', async () => {
    const waiting = failure(database.$queryRaw`SELECT pg_sleep(60)::text`);
    const within = failure(database.$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(60)::text`));
    while ((await sleeping()) < 2);
    cable.cut();
    expect([await waiting, await within]).toEqual(['outage', 'outage']);
    expect(await failure(find())).toBe('outage');
    expect(await failure(database.$transaction((tx) => tx.user.findMany()))).toBe('outage');
    await cable.mend();
    expect(await find()).toBeNull();
  });

  it('is seen when an operator ends the session', async () => {
    const waiting = failure(database.$queryRaw`SELECT pg_sleep(60)::text`);
    while ((await sleeping()) < 1);
    await database.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`;
    expect(await waiting).toBe('outage');
  });
});

/** A line to a local port that can be cut. */
async function layCable(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, cut, mend: () => listen(port), close: cut };
}
