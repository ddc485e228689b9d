import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { SqlTransaction, TransactionalDatabase } from './sql-transaction.js';

/** The part of a Prisma client that events need, over plain pg: specs of a lib have no generated client. */
export interface EventDatabase extends TransactionalDatabase<SqlTransaction> {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** A new database with the tables of `tables.sql` and `effects`, where handlers of specs leave what they did. */
export async function createEventDatabase(serverUrl: string, url: string): Promise<EventDatabase> {
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  await server.query(`CREATE DATABASE "${new URL(url).pathname.slice(1)}"`);
  await server.end();
  const pool = new pg.Pool({ connectionString: url });
  // pool.end() does not wait until its connections are closed; a server that stops next tells them, and nobody would listen.
  pool.on('error', () => undefined);
  await pool.query(await readFile(new URL('../tables.sql', import.meta.url), 'utf8'));
  await pool.query('CREATE TABLE effects (id BIGSERIAL, what TEXT)');
  return {
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    close: () => pool.end(),
    $transaction: async (run) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await run(transactionOver(client));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

function transactionOver(client: pg.PoolClient): SqlTransaction {
  return {
    $executeRaw: async (query, ...values) => {
      const text = query.reduce((sql, part, index) => `${sql}$${index}${part}`);
      return (await client.query(text, values)).rowCount ?? 0;
    },
  };
}
