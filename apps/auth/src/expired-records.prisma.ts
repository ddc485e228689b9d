import type { PrismaClient } from './generated/prisma/client.js';

/** Rows that one statement deletes at most, so that it holds its locks for milliseconds. */
const BATCH = 1000;
/** Batches of one round: the rest waits for the next, so that a backlog never keeps the database busy. */
const BATCHES = 20;

/** Deletes what has expired; returns how much. Several instances may do it at once: they skip each other's rows. */
export async function deleteExpired(prisma: PrismaClient, now: Date, batch = BATCH): Promise<number> {
  let deleted = 0;
  for (let round = 0; round < BATCHES; round++) {
    const count = await prisma.$executeRaw`
      DELETE FROM oidc_records WHERE (model, id) IN (
        SELECT model, id FROM oidc_records WHERE expires_at < ${now} LIMIT ${batch} FOR UPDATE SKIP LOCKED)`;
    deleted += count;
    if (count < batch) break;
  }
  return deleted;
}
