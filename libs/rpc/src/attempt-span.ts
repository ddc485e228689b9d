import { type Span, SpanKind } from '@opentelemetry/api';
import { codeName } from '@trellis/errors';
import type { Instance } from '@trellis/discovery';
import { attribute, inSpan, spanName, traceHeaders } from '@trellis/telemetry';
import { AttemptFailure } from './transport.js';

export interface TracedAttempt {
  readonly path: string;
  readonly instance: Instance;
  /** From 1. */
  readonly number: number;
}

/** Runs one attempt in a client span of its own, so that a trace shows who was asked, in which order, and who failed. */
export function inAttemptSpan<T>(
  { path, instance, number }: TracedAttempt,
  run: (traceHeaders: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const colon = instance.address.lastIndexOf(':');
  const attributes = {
    [attribute.rpcSystem]: 'grpc',
    [attribute.rpcMethod]: path.slice(1),
    [attribute.serverAddress]: instance.address.slice(0, colon),
    [attribute.serverPort]: Number(instance.address.slice(colon + 1)),
    [attribute.instance]: instance.id,
    [attribute.attempt]: number,
  };
  return inSpan(spanName.rpc(path), { kind: SpanKind.CLIENT, attributes }, (span) =>
    withStatus(span, run({ ...traceHeaders() })),
  );
}

async function withStatus<T>(span: Span, answer: Promise<T>): Promise<T> {
  try {
    const message = await answer;
    span.setAttribute(attribute.rpcStatus, 'OK');
    return message;
  } catch (error) {
    if (error instanceof AttemptFailure) span.setAttribute(attribute.rpcStatus, codeName(error.error.code));
    throw error;
  }
}
