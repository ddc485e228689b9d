import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { prismaAdapter } from './prisma-adapter.js';

describe('prismaAdapter', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await testPostgres();
  });
  afterAll(() => postgres.stop());

  it('bounds how many connections there are and how long a statement may take', async () => {
    const adapter = await prismaAdapter(postgres.url('postgres'), { max: 2 }).connect();
    const ask = (sql: string) => adapter.queryRaw({ sql, args: [], argTypes: [] });
    try {
      expect((await ask('SHOW statement_timeout')).rows).toEqual([['10s']]);
      await Promise.all([1, 2, 3, 4].map(() => ask('SELECT pg_sleep(0.01)::text')));
      const sessions = await ask(
        "SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = 'postgres'",
      );
      expect(sessions.rows).toEqual([[2]]);
    } finally {
      await adapter.dispose();
    }
  });

  it('fails at once where there is no server', async () => {
    const adapter = await prismaAdapter('postgresql://nobody:x@127.0.0.1:1/none').connect();
    await expect(adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] })).rejects.toThrow();
    await adapter.dispose();
  });
});
