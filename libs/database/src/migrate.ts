import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { LOCK_WITHIN_MS, connect, createDatabase, isLockTimeout, isMissingDatabase } from './connect.js';
import { type Migration, readMigrations } from './migration-files.js';
import { MigrationProblem } from './migration-problem.js';

export interface MigrateOptions {
  /** Connection string of the service's database, which is created when it is missing. */
  readonly url: string;
  /** Prisma's `migrations` folder: `<name>/migration.sql` in the order of the names. */
  readonly directory: string;
  readonly log?: (line: string) => void;
}

/** The key of `pg_advisory_lock` that Prisma Migrate takes, so that the two never run at once. */
const PRISMA_LOCK = 72_707_369;

/** As Prisma creates it. */
const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies the migrations that the database lacks and returns their names. Takes Prisma's lock and leaves Prisma's rows, so
 * `prisma migrate` and this go together. Each migration and its row are one transaction: killed at any moment, the next
 * start goes on where this one stopped. Throws MigrationProblem.
 */
export async function migrate({ url, directory, log = () => undefined }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(directory);
  const client = await connectOrCreate(url, log);
  try {
    await takeLock(client);
    await client.query(TABLE);
    const pending = await findPending(client, migrations, log);
    for (const migration of pending) {
      await apply(client, migration);
      log(`Applied ${migration.name}`);
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end(); // gives the lock back
  }
}

async function takeLock(client: Client): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  } catch (cause) {
    if (!isLockTimeout(cause)) throw cause;
    throw new MigrationProblem(`Somebody else has been migrating this database for ${LOCK_WITHIN_MS / 1000} s`, {
      cause,
    });
  }
}

async function connectOrCreate(url: string, log: (line: string) => void): Promise<Client> {
  try {
    return await connect(url);
  } catch (error) {
    if (!isMissingDatabase(error)) throw error;
    await createDatabase(url);
    log('Created the database');
    return connect(url);
  }
}

async function findPending(
  client: Client,
  migrations: readonly Migration[],
  log: (line: string) => void,
): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ finished }) => !finished);
  if (failed) {
    throw new MigrationProblem(
      `Migration ${failed.migration_name} failed half-way in an earlier run of prisma: mend the database, then say so with "prisma migrate resolve"`,
    );
  }
  const checksums = new Map(rows.map(({ migration_name: name, checksum }) => [name, checksum]));
  for (const { name, checksum } of migrations) {
    const applied = checksums.get(name);
    checksums.delete(name);
    if (applied !== undefined && applied !== checksum) {
      throw new MigrationProblem(
        `Migration ${name} was edited after it had been applied: restore the file and write a new migration`,
      );
    }
  }
  for (const name of checksums.keys()) log(`The database has ${name}, which this version does not know`);
  const applied = new Set(rows.map(({ migration_name: name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, transaction_timestamp(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationProblem(`Migration ${name} failed and was rolled back: ${why}`, { cause });
  }
}
