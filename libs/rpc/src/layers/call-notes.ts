import { type Attributes, trace } from '@opentelemetry/api';
import { attribute } from '@trellis/telemetry';
import type { FallbackKind } from '../rpc.js';

/** Tells the span that makes the call what was decided about it. The attempts have spans of their own. */
export function noteOnCall(event: string, attributes: Attributes): void {
  trace.getActiveSpan()?.addEvent(event, attributes);
}

/** Marks the span that makes the call: its answer is not what the service said. */
export function noteFallback(kind: FallbackKind, attributes: Attributes): void {
  const span = trace.getActiveSpan();
  span?.setAttribute(attribute.fallback, kind);
  span?.addEvent('fallback', { [attribute.fallback]: kind, ...attributes });
}
