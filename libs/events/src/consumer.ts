import { topicOf } from './cloud-event.js';
import { forgetOldReceipts } from './inbox.js';
import { type EventConsumerOptions, createReceiver } from './receive.js';
import type { SqlTransaction } from './sql-transaction.js';

/** Hands each event to its handlers, with an effect that happens once however often the event is delivered. */
export interface EventConsumer {
  /** Returns at once; while the broker is away it is tried in the background. */
  start(): void;
  /** Finishes the events at hand, within 10 seconds. */
  stop(): Promise<void>;
}

/** One hour, in milliseconds. The inbox remembers for days: nothing depends on how soon it forgets. */
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
