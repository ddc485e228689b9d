import { PrismaPg } from '@prisma/adapter-pg';

export interface AdapterOptions {
  /** Most connections at a time; further queries wait for one. 10 unless told. */
  readonly max?: number;
}

/** A caller's deadline is 5 s: who has waited that long for a connection has no use for it any more. */
const CONNECT_WITHIN_MS = 5_000;
/** Above every sensible query, below the patience of whoever looks for what blocks the table. */
const STATEMENT_WITHIN_MS = 10_000;
/** Keeps connections over a quiet moment and gives them back overnight. */
const IDLE_MS = 60_000;

/** What a Prisma client is made with: `new PrismaClient({ adapter: prismaAdapter(url) })`. Every wait in it is bounded. */
export function prismaAdapter(url: string, options: AdapterOptions = {}): PrismaPg {
  return new PrismaPg({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    // In the client too: a server that has gone silent runs no timeouts of its own.
    query_timeout: STATEMENT_WITHIN_MS + 1_000,
    idle_in_transaction_session_timeout: STATEMENT_WITHIN_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
  });
}
