import { describe, expect, it } from '@jest/globals';
import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextFrom, currentTraceId, spanHeaders, traceHeaders } from './propagation.js';

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((digits) => !/^0*$/.test(digits));

describe('trace headers', () => {
  it('come out as they went in, also without the preload', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.constantFrom('00', '01'), (traceId, spanId, flags) => {
        const headers = { traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: 'vendor=1' };
        const context = contextFrom(headers);
        expect(traceHeaders(context)).toEqual(headers);
        const span = trace.getSpanContext(context);
        expect(span && spanHeaders(span)).toEqual(headers);
      }),
    );
  });

  it.each([
    {},
    { traceparent: '' },
    { traceparent: 'x' },
    { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` },
  ])('that say nothing usable begin a new trace: %j', (headers) => {
    expect(traceHeaders(contextFrom(headers))).toEqual({});
  });

  it('are absent outside of any trace', () => {
    expect(traceHeaders()).toEqual({});
    expect(spanHeaders(INVALID_SPAN_CONTEXT)).toEqual({});
    expect(currentTraceId()).toBeUndefined();
  });
});
