import {
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type Tracer,
  context,
  trace,
} from '@opentelemetry/api';
import { attribute } from './names.js';
import { redactText } from './redact-secrets.js';

/** Makes spans that do not end with one function. Who starts one here ends it; elsewhere `inSpan` does. */
export const tracer = (): Tracer => trace.getTracer('trellis');

export interface SpanOptions {
  /** INTERNAL unless told otherwise. */
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Parent; the active context unless told otherwise. */
  readonly parent?: Context;
}

/**
 * Runs within a new span and ends it, whatever happens. An error marks the span as failed, with its type and message, and
 * is thrown on unchanged. An expected refusal should therefore not be thrown through here: answer it inside and set the
 * attributes that tell of it.
 */
export async function inSpan<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T>): Promise<T> {
  const { parent = context.active(), kind, attributes } = options;
  const span = tracer().startSpan(
    name,
    { ...(kind !== undefined && { kind }), ...(attributes && { attributes }) },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), () => run(span));
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed, with the error's type and message. For spans that somebody ends himself. */
export function markFailed(span: Span, error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const safe = redactText(message);
  span.setAttribute(attribute.errorType, name);
  span.recordException({ name, message: safe, ...(stack !== undefined && { stack: redactText(stack) }) });
  span.setStatus({ code: SpanStatusCode.ERROR, message: safe });
}
