import { beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { inSpan } from './in-span.js';
import { contextFrom, traceHeaders } from './propagation.js';
import { recordSpans } from './testing.js';

const spans = recordSpans();
const spanOf = (name: string) => spans.getFinishedSpans().find((span) => span.name === name);

beforeEach(() => {
  spans.reset();
});

describe('inSpan', () => {
  it('gives back what ran in it and ends the span', async () => {
    const answer = await inSpan('work', { kind: SpanKind.CLIENT, attributes: { tries: 1 } }, async () => 42);
    expect(answer).toBe(42);
    expect(spanOf('work')).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: { tries: 1 },
      status: { code: SpanStatusCode.UNSET },
    });
  });

  it('makes a span within a span its child, across awaits', async () => {
    await inSpan('outer', {}, async () => {
      await Promise.resolve();
      await inSpan('inner', {}, async () => undefined);
    });
    expect(spanOf('inner')?.parentSpanContext?.spanId).toBe(spanOf('outer')?.spanContext().spanId);
  });

  it('continues a context that came over the wire instead of the active one', async () => {
    const headers = await inSpan('producer', {}, async () => traceHeaders());
    await inSpan('elsewhere', {}, async () => {
      await inSpan('consumer', { parent: contextFrom(headers) }, async () => undefined);
    });
    expect(spanOf('consumer')?.parentSpanContext).toMatchObject({
      spanId: spanOf('producer')?.spanContext().spanId,
      isRemote: true,
    });
    expect(spanOf('consumer')?.spanContext().traceId).toBe(spanOf('producer')?.spanContext().traceId);
  });

  it('marks the span as failed and throws the same error on', async () => {
    const failure = new RangeError('too many');
    await expect(inSpan('work', {}, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(spanOf('work')).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'too many' },
      attributes: { 'error.type': 'RangeError' },
      events: [{ name: 'exception' }],
    });
  });

  it('ends the span of a function that throws before its first await', async () => {
    const thrower = (): Promise<never> => {
      throw new Error('at once');
    };
    await expect(inSpan('work', {}, thrower)).rejects.toThrow('at once');
    expect(spanOf('work')?.ended).toBe(true);
  });
});
