/** https://www.prisma.io/docs/orm/reference/error-reference: not reached, timed out, closed, no connection or transaction free. */
const PRISMA_CODES: ReadonlySet<unknown> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: connection failed, too many, shutting down or starting. */
const SQL_STATE = /^(?:08...|53300|57P0[1235])$/;

/** `pg` has no codes for what it says of a connection that broke or was not to be had, and Prisma passes it on as it is. */
const PG_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|Query read timeout/;

interface PrismaError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: unknown } } };
}

/** Whether a Prisma client failed because the database is away or overloaded, and not because of what it was asked. */
export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message, code, meta } = error as PrismaError;
  if (name !== 'PrismaClientKnownRequestError') return PG_MESSAGE.test(message ?? '');
  return PRISMA_CODES.has(code) || SQL_STATE.test(String(meta?.driverAdapterError?.cause?.originalCode));
}
