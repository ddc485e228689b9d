import { Client, DatabaseError, escapeIdentifier } from 'pg';
import { MigrationProblem } from './migration-problem.js';

const CONNECT_WITHIN_MS = 10_000;
/** Several instances start together and wait for the first. */
export const LOCK_WITHIN_MS = 60_000;
/** A migration may move a lot of data, but not for ever. */
const STATEMENT_WITHIN_MS = 600_000;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const INVALID_CATALOG_NAME = '3D000';
const LOCK_NOT_AVAILABLE = '55P03';
/** Somebody else was faster: duplicate_database, or unique_violation when it was at the same moment. */
const CREATED_MEANWHILE = ['42P04', '23505'];

/** A connection whose every wait is bounded, for a migration and not for requests. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    lock_timeout: LOCK_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    query_timeout: STATEMENT_WITHIN_MS + 1_000, // in the client too: a server that has gone silent runs no timeouts
    keepAlive: true,
  });
  // A lost connection fails the query under way as well; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

export const isMissingDatabase = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === INVALID_CATALOG_NAME;

/** Whether the statement waited for a lock until `LOCK_WITHIN_MS` were over. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE;

/** Creates the database that the connection string names, through the server's `postgres` database. */
export async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  if (name === '') throw new MigrationProblem('The connection string names no database');
  server.pathname = '/postgres';
  const client = await connect(server.href);
  try {
    // Not template1, which cannot be copied while anybody is connected to it.
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0 ENCODING 'UTF8'`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !CREATED_MEANWHILE.includes(error.code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
