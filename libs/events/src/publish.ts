import { randomUUID } from 'node:crypto';
import { type DescMessage, type MessageInitShape, create, toBinary } from '@bufbuild/protobuf';
import { traceHeaders } from '@trellis/telemetry';
import { shardOf } from './shard.js';
import type { SqlTransaction } from './sql-transaction.js';

export interface DomainEvent<Schema extends DescMessage> {
  readonly schema: Schema;
  readonly message: MessageInitShape<Schema>;
  /** Id of the aggregate: events with the same key arrive in the order in which they were published. */
  readonly key: string;
}

/** A batch of events must fit into what Kafka takes, so a single one must be far smaller. */
const LARGEST_PAYLOAD = 64 * 1024;

/**
 * Writes the event to the outbox, with the trace of the call being served: it goes out when, and only when, the
 * transaction commits. Wake the relay after the commit, or it goes out with the next poll.
 * Throws a RangeError for a message of more than 64 KiB: an event says what happened, not all that it happened to.
 */
export async function publish<Schema extends DescMessage>(
  tx: SqlTransaction,
  { schema, message, key }: DomainEvent<Schema>,
): Promise<void> {
  const payload = toBinary(schema, create(schema, message));
  if (payload.length > LARGEST_PAYLOAD) {
    throw new RangeError(
      `${schema.typeName} has ${payload.length} bytes, more than the ${LARGEST_PAYLOAD} of an event`,
    );
  }
  const { traceparent, tracestate } = traceHeaders();
  await tx.$executeRaw`
    INSERT INTO outbox (event_id, shard, key, type, payload, traceparent, tracestate)
    VALUES (${randomUUID()}::uuid, ${shardOf(key)}::smallint, ${key}, ${schema.typeName}, ${payload},
            ${traceparent ?? null}, ${tracestate ?? null})`;
}
