import { describe, expect, it } from '@jest/globals';
import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { claimedSpan, contextFrom, currentTraceId, spanHeaders, traceHeaders } from './propagation.js';

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

describe('what a request claims of its trace', () => {
  const w3c = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, tracestate: 'vendor=1' };
  const b3 = { b3: `${'c'.repeat(32)}-${'d'.repeat(16)}-1` };

  it('is what W3C says, and else what B3 does', () => {
    const claimed = claimedSpan({ ...w3c, ...b3 });
    expect(claimed).toMatchObject({ span: { traceId: 'a'.repeat(32), isRemote: true }, sampled: false });
    expect(claimed?.span.traceState?.serialize()).toBe('vendor=1');
    const said = { span: { traceId: 'c'.repeat(32) }, sampled: true };
    for (const headers of [b3, { ...b3, traceparent: 'x' }]) expect(claimedSpan(headers)).toMatchObject(said);
  });

  it('is nothing when it is not usable, or said twice', () => {
    for (const headers of [{}, { traceparent: 'x' }, { traceparent: `${w3c.traceparent}, ${w3c.traceparent}` }])
      expect(claimedSpan(headers)).toBeUndefined();
  });

  it('goes on in both forms where that is asked for', () => {
    const span = claimedSpan(b3)?.span ?? INVALID_SPAN_CONTEXT;
    expect(spanHeaders(span, 'single')).toEqual({ ...spanHeaders(span), ...b3 });
  });
});
