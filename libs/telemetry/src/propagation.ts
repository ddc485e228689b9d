import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ClaimedSpan, type B3Style, b3Headers, readB3 } from './b3.js';

/** The W3C trace context as it travels: in gRPC metadata, Kafka headers and outbox rows. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

// Our own instance: headers are read and written alike with and without the preload.
const w3c = new W3CTraceContextPropagator();

/** Headers that continue the active (or the given) context elsewhere; empty outside of any trace. */
export function traceHeaders(from: Context = context.active()): TraceHeaders {
  const headers: TraceHeaders = {};
  w3c.inject(from, headers, {
    set: (carrier, key, value) => {
      carrier[key as keyof TraceHeaders] = value;
    },
  });
  return headers;
}

/** The same for one span, without a context around it: for paths where each microsecond counts. With B3 beside it if asked. */
export function spanHeaders(span: SpanContext, b3?: B3Style): Readonly<Record<string, string>> {
  if (!isSpanContextValid(span)) return {};
  const { traceId, spanId, traceFlags, traceState } = span;
  const traceparent = `00-${traceId}-${spanId}-0${(traceFlags & 0xf).toString(16)}`;
  const tracestate = traceState?.serialize();
  const headers: Readonly<Record<string, string>> = tracestate ? { traceparent, tracestate } : { traceparent };
  return b3 === undefined ? headers : { ...headers, ...b3Headers(span, b3) };
}

/** The context that the headers tell of; without usable ones the root context, so a span in it begins a new trace. */
export function contextFrom(headers: Readonly<TraceHeaders>): Context {
  return w3c.extract(ROOT_CONTEXT, headers, {
    get: (carrier, key) => carrier[key as keyof TraceHeaders],
    keys: (carrier) => Object.keys(carrier),
  });
}

/**
 * What a request's headers, names in lower case, say of the span that made it: by W3C, else by B3. Undefined when they say
 * nothing usable. Whether to believe them is the caller's to know.
 */
export function claimedSpan(headers: Readonly<Record<string, unknown>>): ClaimedSpan | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent === 'string') {
    const state = typeof tracestate === 'string' ? { tracestate } : {};
    const span = trace.getSpanContext(contextFrom({ traceparent, ...state }));
    if (span) return { span, sampled: (span.traceFlags & TraceFlags.SAMPLED) !== 0 };
  }
  return headers['b3'] === undefined && headers['x-b3-traceid'] === undefined ? undefined : readB3(headers);
}

/** 32 hex digits; undefined outside of any trace. */
export function currentTraceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
