import { Client, DatabaseError, escapeIdentifier } from 'pg';
import { MigrationProblem } from './migration-problem.js';

const CONNECT_WITHIN_MS = 10_000;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const INVALID_CATALOG_NAME = '3D000';
/** Somebody else was faster: seen as the one or as the other, by how much. */
const CREATED_MEANWHILE = ['42P04', '23505'];

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS });
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
