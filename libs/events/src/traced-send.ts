import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { attribute, contextFrom, spanName, traceHeaders, tracer } from '@trellis/telemetry';
import { topicOf, toRecord } from './cloud-event.js';
import type { Kafka, KafkaRecord } from './kafka.js';
import { eventAttributes } from './event-attributes.js';
import type { OutboxRow } from './outbox.js';

/**
 * Sends the events in this order, each with a producer span under the context that was stored with it, however long ago.
 * The topics are looked at first: while the broker is away that fails, and no span is made for an attempt that was none.
 */
export async function sendTraced(kafka: Kafka, rows: readonly OutboxRow[]): Promise<void> {
  await kafka.ensureTopics([...new Set(rows.map(({ event }) => topicOf(event.type)))]);
  const sends = rows.map(startSend);
  try {
    await kafka.send(sends.map(({ record }) => record));
  } catch (error) {
    for (const { span } of sends) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    for (const { span } of sends) span.end();
  }
}

function startSend({ event, trace: stored }: OutboxRow): { span: Span; record: KafkaRecord } {
  const parent = contextFrom(stored);
  const span = tracer().startSpan(
    spanName.send(topicOf(event.type)),
    { kind: SpanKind.PRODUCER, attributes: { ...eventAttributes(event), [attribute.messagingOperation]: 'send' } },
    parent,
  );
  return { span, record: toRecord(event, traceHeaders(trace.setSpan(parent, span))) };
}
