import type { Attributes } from '@opentelemetry/api';
import { attribute } from '@trellis/telemetry';
import { type CloudEvent, topicOf } from './cloud-event.js';

/** What the spans at both ends of an event say of it. */
export function eventAttributes({ id, type, source, key }: CloudEvent): Attributes {
  return {
    [attribute.messagingSystem]: 'kafka',
    [attribute.messagingDestination]: topicOf(type),
    [attribute.messagingMessageId]: id,
    [attribute.kafkaKey]: key,
    [attribute.eventId]: id,
    [attribute.eventType]: type,
    [attribute.eventSource]: source,
  };
}
