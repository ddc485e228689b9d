import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type Logger, attribute, contextFrom, inSpan, meter, metricName, spanName } from '@trellis/telemetry';
import { type CloudEvent, fromRecord, topicOf } from './cloud-event.js';
import { deadLetter, putAside } from './dead-letter.js';
import { eventAttributes } from './event-attributes.js';
import { recordReceipt } from './inbox.js';
import type { Kafka, ReceivedRecord, Subscription } from './kafka.js';
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

/** Tries in place before an event is put aside: the partition waits meanwhile, so about 1.5 s in all. */
const ATTEMPTS = 5;
const FIRST_PAUSE = 100;
/** Milliseconds. Together below the consumer's session timeout, or the broker takes the partition away during an attempt. */
const TRANSACTION = { maxWait: 1000, timeout: 4000 };

/**
 * What happens to one record: receipt and effect in one transaction; after the last failed attempt, or at once when it
 * cannot be read, to the dead letters. It rejects, to have the record again later, only when the database or Kafka is away.
 */
export function createReceiver<Tx extends SqlTransaction>(options: EventConsumerOptions<Tx>): Subscription['receive'] {
  const { kafka, group, handlers, database, logger } = options;
  const consumed = meter().createCounter(metricName.eventsConsumed, { description: 'Records that are done with' });
  // From 0 on, or the first one that is put aside would be no increase.
  for (const { schema } of handlers) consumed.add(0, fate(topicOf(schema.typeName), 'put-aside'));
  const handlersOf = (type: string | undefined) => handlers.filter(({ schema }) => schema.typeName === type);

  return async (record, keepAlive) => {
    const type = record.headers['ce_type'];
    if (type && handlersOf(type).length === 0) return;
    const span = { kind: SpanKind.CONSUMER, attributes: placeOf(record, group), parent: contextFrom(record.headers) };
    await inSpan(spanName.process(record.topic), span, async (active) => {
      const outcome = await handle(record, keepAlive, active);
      const letter = outcome.kind === 'put-aside' ? deadLetter(record, group, outcome.error) : undefined;
      if (letter) await putAside(kafka, letter);
      consumed.add(1, fate(record.topic, outcome.kind));
      if (outcome.kind !== 'put-aside' || !letter) return;
      active.setStatus({ code: SpanStatusCode.ERROR, message: `put aside in ${letter.topic}` });
      const { partition, offset } = record;
      logger.error({ err: outcome.error, type, partition, offset }, `An event was put aside in ${letter.topic}`);
    });
  };

  async function handle(record: ReceivedRecord, keepAlive: () => Promise<void>, span: Span): Promise<Outcome> {
    let event: CloudEvent;
    let effect: (tx: Tx) => Promise<void>;
    try {
      event = fromRecord(record);
      effect = effectOf(event, handlersOf(event.type));
    } catch (error) {
      return { kind: 'put-aside', error };
    }
    span.setAttributes(eventAttributes(event));
    const fields = { event: event.id, type: event.type };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const isNew = await database.$transaction(async (tx) => {
          const first = await recordReceipt(tx, group, event.id);
          if (first) await effect(tx);
          return first;
        }, TRANSACTION);
        if (!isNew) logger.debug(fields, 'The event was handled before');
        return { kind: isNew ? 'done' : 'repeated' };
      } catch (error) {
        await database.$transaction((tx) => tx.$executeRaw`SELECT 1`, TRANSACTION); // away? then it is not the event's fault
        if (attempt === ATTEMPTS) return { kind: 'put-aside', error };
        logger.warn({ err: error, attempt, ...fields }, 'Handling an event failed; trying again');
        await sleep(FIRST_PAUSE * 2 ** (attempt - 1));
        await keepAlive();
      }
    }
  }
}

/** What became of a record: its effect is there, now or since before; or why it never will be. */
type Outcome = { readonly kind: 'done' | 'repeated' } | { readonly kind: 'put-aside'; readonly error: unknown };

/** Reads the payload, which may fail, and gives what all handlers of its type do with it. */
function effectOf<Tx extends SqlTransaction>(
  { id, time, key, payload }: CloudEvent,
  handlers: readonly EventHandler<Tx>[],
): (tx: Tx) => Promise<void> {
  const calls = handlers.map(({ schema, handle }) => ({ handle, message: fromBinary(schema, payload) }));
  return async (tx) => {
    for (const { handle, message } of calls) await handle(message, { id, time, key, tx });
  };
}

const fate = (topic: string, kind: Outcome['kind']) => ({
  [attribute.messagingDestination]: topic,
  [attribute.eventOutcome]: kind,
});

const placeOf = ({ topic, partition, offset }: ReceivedRecord, group: string) => ({
  [attribute.messagingSystem]: 'kafka',
  [attribute.messagingDestination]: topic,
  [attribute.messagingOperation]: 'process',
  [attribute.messagingOperationName]: 'process',
  [attribute.messagingPartition]: String(partition),
  [attribute.kafkaOffset]: Number(offset),
  [attribute.messagingGroup]: group,
});
