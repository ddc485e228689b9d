import type { SqlTransaction } from './sql-transaction.js';

/**
 * Records that the group has had the event; false when it had it already. In the transaction of the effect, so that both
 * happen or neither does; two deliveries at once wait for each other here.
 */
export async function recordReceipt(tx: SqlTransaction, group: string, eventId: string): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO inbox (consumer_group, event_id) VALUES (${group}, ${eventId}) ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

/** Days that the inbox remembers. Longer than a topic keeps events (7 days by Kafka's default), or they could count twice. */
const REMEMBERED_DAYS = 30;

export async function forgetOldReceipts(tx: SqlTransaction, group: string): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM inbox
    WHERE consumer_group = ${group} AND received_at < now() - make_interval(days => ${REMEMBERED_DAYS}::int)`;
}
