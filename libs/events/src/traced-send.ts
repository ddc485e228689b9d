import { type Link, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { attribute, contextFrom, decideSampling, spanName, traceHeaders, tracer } from '@trellis/telemetry';
import { topicOf, toRecord } from './cloud-event.js';
import type { Kafka, KafkaRecord } from './kafka.js';
import { eventAttributes } from './event-attributes.js';
import type { OutboxRow } from './outbox.js';

interface Send {
  readonly span: Span;
  readonly record: KafkaRecord;
}

const SEND = { [attribute.messagingOperation]: 'send', [attribute.messagingOperationName]: 'send' };

/**
 * Sends the events in this order, each with a producer span under the context that was stored with it, however long ago.
 * The topics are looked at first: while the broker is away that fails, and no span is made for an attempt that was none.
 */
export async function sendTraced(kafka: Kafka, rows: readonly OutboxRow[]): Promise<void> {
  await kafka.ensureTopics([...new Set(rows.map(({ event }) => topicOf(event.type)))]);
  const sends = rows.map(startSend);
  const batch = startBatch(sends);
  const spans = [...sends.map(({ span }) => span), ...(batch ? [batch] : [])];
  try {
    await kafka.send(sends.map(({ record }) => record));
  } catch (error) {
    for (const span of spans) {
      span.setAttribute(attribute.errorType, error instanceof Error ? error.name : '_OTHER');
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    }
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

function startSend({ event, trace: stored }: OutboxRow): Send {
  const parent = contextFrom(stored);
  const span = tracer().startSpan(
    spanName.send(topicOf(event.type)),
    { kind: SpanKind.PRODUCER, attributes: { ...eventAttributes(event), ...SEND } },
    parent,
  );
  return { span, record: toRecord(event, traceHeaders(trace.setSpan(parent, span))) };
}

/**
 * A batch that joins several traces belongs to none of them: it is a trace of its own, linked to each event's span and they
 * to it, so that whoever wonders what an event waited for finds the others. Undefined when there is nothing to join.
 */
function startBatch(sends: readonly Send[]): Span | undefined {
  const recorded = sends.filter(({ span }) => span.isRecording());
  if (new Set(recorded.map(({ span }) => span.spanContext().traceId)).size < 2) return undefined;
  const topics = new Set(sends.map(({ record }) => record.topic));
  const [topic] = topics.size === 1 ? topics : [];
  const attributes = {
    [attribute.messagingSystem]: 'kafka',
    ...(topic !== undefined && { [attribute.messagingDestination]: topic }),
    [attribute.messagingBatchCount]: sends.length,
    ...SEND,
  };
  const links = recorded.map(({ span }): Link => ({ context: span.spanContext() }));
  const options = { kind: SpanKind.CLIENT, attributes, links };
  const batch = tracer().startSpan(spanName.send(topic), options, decideSampling(ROOT_CONTEXT, true));
  for (const { span } of recorded) span.addLink({ context: batch.spanContext() });
  return batch;
}
