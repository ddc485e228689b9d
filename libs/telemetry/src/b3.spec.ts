import { describe, expect, it } from '@jest/globals';
import { INVALID_SPAN_CONTEXT } from '@opentelemetry/api';
import fc from 'fast-check';
import { b3Headers, readB3 } from './b3.js';

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((digits) => !/^0*$/.test(digits));

const TRACE = '463ac35c9f6413ad48485a3953bb6124';
const SPAN = 'a2fb4a1d1a96d312';

describe('B3 headers', () => {
  it('come out as they went in, in both styles', () => {
    fc.assert(
      fc.property(
        hex(32),
        hex(16),
        fc.constantFrom(0, 1),
        fc.constantFrom('single' as const, 'multi' as const),
        (traceId, spanId, traceFlags, style) => {
          const span = { traceId, spanId, traceFlags, isRemote: true };
          expect(readB3(b3Headers(span, style))).toEqual({ span, sampled: traceFlags === 1 });
        },
      ),
    );
  });

  it.each<[string, Record<string, string>, boolean | undefined]>([
    ['a yes', { b3: `${TRACE}-${SPAN}-1` }, true],
    ['a debugger’s yes', { b3: `${TRACE}-${SPAN}-d` }, true],
    ['a no, with the parent', { b3: `${TRACE}-${SPAN}-0-05e3ac9a4f6e3b90` }, false],
    ['no decision', { b3: `${TRACE}-${SPAN}` }, undefined],
    ['capitals', { b3: `${TRACE.toUpperCase()}-${SPAN.toUpperCase()}-1` }, true],
    ['several headers', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '0' }, false],
    ['an old tracer’s yes', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': 'true' }, true],
    ['several with the debugger’s flag', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-flags': '1' }, true],
    ['several without a decision', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN }, undefined],
  ])('say %s', (_, headers, sampled) => {
    expect(readB3(headers)).toMatchObject({ span: { traceId: TRACE, spanId: SPAN }, sampled });
  });

  it('may have short trace ids', () => {
    const traceId = `${'0'.repeat(16)}48485a3953bb6124`;
    expect(readB3({ b3: `48485a3953bb6124-${SPAN}-1` })?.span.traceId).toBe(traceId);
  });

  it.each([
    {},
    { b3: '0' },
    { b3: `x${TRACE}-${SPAN}-1` },
    { b3: `${TRACE}-${SPAN}-2` },
    { b3: `${'0'.repeat(32)}-${SPAN}-1` },
    { b3: '', 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN },
    { 'x-b3-traceid': TRACE },
    { 'x-b3-traceid': 'abc', 'x-b3-spanid': SPAN },
    { 'x-b3-traceid': TRACE, 'x-b3-spanid': INVALID_SPAN_CONTEXT.spanId },
  ])('that say nothing usable say nothing: %j', (headers) => {
    expect(readB3(headers)).toBeUndefined();
  });
});
