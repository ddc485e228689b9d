import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import { eventually } from '@trellis/testing';
import { Client } from 'pg';
import { migrate } from './migrate.js';

describe('migrate', () => {
  let postgres: TestPostgres;
  let directory: string;
  let url: string;
  let databases = 0;
  beforeAll(async () => {
    postgres = await testPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'migrations-'));
    url = postgres.url(`shop ${++databases}`);
    write('1_items', 'CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1);');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('creates the database and applies what it lacks, in order and once', async () => {
    write('2_colour', "ALTER TABLE items ADD colour text; UPDATE items SET colour = 'red';");
    const lines: string[] = [];
    expect(await migrate({ url, directory, log: (line) => lines.push(line) })).toEqual(['1_items', '2_colour']);
    expect(lines).toEqual(['Created the database', 'Applied 1_items', 'Applied 2_colour']);
    expect(await migrate({ url, directory })).toEqual([]);
    write('3_size', 'ALTER TABLE items ADD size int;');
    expect(await migrate({ url, directory })).toEqual(['3_size']);
    expect(await rows('SELECT * FROM items')).toEqual([{ id: 1, colour: 'red', size: null }]);
  });

  it("leaves Prisma's rows", async () => {
    await migrate({ url, directory });
    expect(await rows('SELECT *, finished_at >= started_at AS ordered FROM _prisma_migrations')).toEqual([
      expect.objectContaining({
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
        migration_name: '1_items',
        logs: null,
        rolled_back_at: null,
        applied_steps_count: 1,
        ordered: true,
      }),
    ]);
  });

  it('lets several instances start at once: each migration is applied by one of them', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate({ url, directory })));
    expect(applied.flat()).toEqual(['1_items']);
  });

  it('rolls a failing migration back, says why, and applies the mended one', async () => {
    write('2_broken', 'CREATE TABLE half (id int); CREATE TABLE items (id int);');
    await expect(migrate({ url, directory })).rejects.toThrow(
      'Migration 2_broken failed and was rolled back: relation "items" already exists',
    );
    expect(await rows("SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
    write('2_broken', 'CREATE TABLE half (id int);');
    expect(await migrate({ url, directory })).toEqual(['2_broken']);
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    await migrate({ url, directory });
    write('1_items', 'CREATE TABLE items (id bigint PRIMARY KEY);');
    await expect(migrate({ url, directory })).rejects.toThrow('Migration 1_items was edited');
  });

  it('refuses to go on over a migration that Prisma left half done', async () => {
    await migrate({ url, directory });
    await rows('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate({ url, directory })).rejects.toThrow('Migration 1_items failed half-way');
    await rows('UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE items');
    expect(await migrate({ url, directory })).toEqual(['1_items']);
  });

  it('works with a database that is ahead, as an older version does during a deployment', async () => {
    write('2_newer', 'SELECT 1;');
    await migrate({ url, directory });
    rmSync(join(directory, '2_newer'), { recursive: true });
    const lines: string[] = [];
    expect(await migrate({ url, directory, log: (line) => lines.push(line) })).toEqual([]);
    expect(lines).toEqual(['The database has 2_newer, which this version does not know']);
  });

  it('does not blame others when it loses the database while it waits for its turn', async () => {
    await migrate({ url, directory });
    const other = new Client(url);
    await other.connect();
    await other.query('SELECT pg_advisory_lock(72707369)');
    const waiting = migrate({ url, directory });
    const ended = expect(waiting).rejects.not.toThrow('Somebody else');
    await eventually(async () => {
      const { rowCount } = await other.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'advisory'`,
      );
      expect(rowCount).toBe(1);
    });
    await ended;
    await other.end();
  });

  it('names a folder that is not there', async () => {
    await expect(migrate({ url, directory: '/nowhere' })).rejects.toThrow('no folder of migrations at /nowhere');
  });

  function write(name: string, sql: string): void {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'migration.sql'), sql);
  }

  async function rows(sql: string): Promise<unknown[]> {
    const client = new Client(url);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
});
