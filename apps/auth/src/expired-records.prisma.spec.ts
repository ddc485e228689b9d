import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { type Database, openDatabase } from './database.prisma.js';
import { deleteExpired } from './expired-records.prisma.js';
import { OidcRecords } from './oidc-records.prisma.js';

describe('deleteExpired', () => {
  let postgres: TestPostgres;
  let database: Database;
  beforeAll(async () => {
    postgres = await testPostgres();
  });
  beforeAll(async () => {
    database = await openDatabase(postgres.url('auth'));
  });
  afterAll(() => database.$disconnect());
  afterAll(() => postgres.stop());

  it('deletes batch by batch what has expired, and nothing else', async () => {
    const records = new OidcRecords(database, 'Session');
    for (let i = 0; i < 7; i++) await records.upsert(`old${i}`, { uid: `old${i}` }, -1);
    await records.upsert('fresh', { uid: 'fresh' }, 60);
    await records.upsert('lasting', { uid: 'lasting' });
    expect(await records.find('old1')).toBeUndefined();
    expect(await deleteExpired(database, new Date(), 3)).toBe(7);
    expect(await database.oidcRecord.count()).toBe(2);
    expect(await records.findByUid('fresh')).toEqual({ uid: 'fresh' });
  });
});
