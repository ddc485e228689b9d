import type { Logger } from '@trellis/telemetry';
import { topicOf } from './cloud-event.js';
import { createReceiver } from './receive.js';
import { forgetOldReceipts } from './inbox.js';
import type { Kafka } from './kafka.js';
import type { EventHandler } from './on-event.js';
import type { SqlTransaction, TransactionalDatabase } from './sql-transaction.js';

export interface EventConsumerOptions<Tx extends SqlTransaction> {
  readonly kafka: Kafka;
  /** Kafka's consumer group: the instances of a service share one, and each event reaches one of them. */
  readonly group: string;
  /** See `eventHandlers`. Their message types say which topics are followed; other types are passed over. */
  readonly handlers: readonly EventHandler<Tx>[];
  /** Holds the `inbox` table and what the handlers change. */
  readonly database: TransactionalDatabase<Tx>;
  readonly logger: Logger;
}

/** Hands each event to its handlers, with an effect that happens once however often the event is delivered. */
export interface EventConsumer {
  /** Returns at once; while the broker is away it is tried in the background. */
  start(): void;
  /** Finishes the events at hand, within 10 seconds. */
  stop(): Promise<void>;
}

const FORGET_EVERY = 60 * 60 * 1000;

export function createConsumer<Tx extends SqlTransaction>(options: EventConsumerOptions<Tx>): EventConsumer {
  const { kafka, group, handlers, database, logger } = options;
  const topics = [...new Set(handlers.map(({ schema }) => topicOf(schema.typeName)))];
  let subscription: { stop(): Promise<void> } | undefined;
  let housekeeping: NodeJS.Timeout | undefined;

  const forget = async (): Promise<void> => {
    try {
      await database.$transaction((tx) => forgetOldReceipts(tx, group), { maxWait: 5000, timeout: 30_000 });
    } catch (error) {
      logger.warn({ err: error }, 'Old receipts stay in the inbox for another hour');
    }
  };

  return {
    start: () => {
      subscription ??= kafka.subscribe({ group, topics, receive: createReceiver(options) });
      housekeeping ??= setInterval(() => void forget(), FORGET_EVERY).unref();
    },
    stop: async () => {
      clearInterval(housekeeping);
      await subscription?.stop();
    },
  };
}
