import type { TraceHeaders } from '@trellis/telemetry';
import type { KafkaRecord } from './kafka.js';

/** An event between its message and its record: CloudEvents 1.0 with a protobuf payload. */
export interface CloudEvent {
  /** Unique; a second delivery has the same. */
  readonly id: string;
  /** Full name of the message: `trellis.blog.v1.PostCreated`. */
  readonly type: string;
  /** Who published it, as a URI: `urn:trellis:blog`. */
  readonly source: string;
  readonly time: Date;
  /** Id of the aggregate that it is about. */
  readonly key: string;
  readonly payload: Uint8Array;
}

/** An event that no attempt can ever read. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';
}

/** Topic of a message type: its proto package. */
export const topicOf = (type: string): string => type.slice(0, type.lastIndexOf('.'));

/** Binary mode of the CloudEvents Kafka binding 1.0.2: attributes as `ce_` headers, the value is the payload alone. */
export function toRecord(event: CloudEvent, trace: TraceHeaders): KafkaRecord {
  return {
    topic: topicOf(event.type),
    key: event.key,
    value: event.payload,
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: event.source,
      ce_time: event.time.toISOString(),
      'content-type': 'application/protobuf',
      ...(trace.traceparent && { traceparent: trace.traceparent }),
      ...(trace.tracestate && { tracestate: trace.tracestate }),
    },
  };
}

export function fromRecord({ headers, key, value }: KafkaRecord): CloudEvent {
  const attribute = (name: string): string => {
    const text = headers[`ce_${name}`];
    if (!text) throw new MalformedEvent(`The header ce_${name} is missing`);
    return text;
  };
  if (attribute('specversion') !== '1.0') throw new MalformedEvent('ce_specversion is not 1.0');
  const time = new Date(attribute('time'));
  if (Number.isNaN(time.getTime())) throw new MalformedEvent('ce_time is not a time');
  return { id: attribute('id'), type: attribute('type'), source: attribute('source'), time, key, payload: value };
}
