import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spanWith } from './spans.testing.js';
import { TraceStore, sizeOf } from './trace-store.js';

const bounds = { maxSpans: 10, maxBytes: 1_000_000, maxSpansPerTrace: 4 };

describe('TraceStore', () => {
  it('stays within its bounds and keeps the newest, whatever comes', () => {
    const added = fc.record({
      trace: fc.integer({ min: 0, max: 9 }).map(String),
      id: fc.nat(9).map(String),
      operationName: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(added, { maxLength: 200 }), fc.integer({ min: 2_000, max: 20_000 }), (list, maxBytes) => {
        const store = new TraceStore({ ...bounds, maxBytes });
        for (const one of list) {
          store.add(spanWith(one));
          const kept = [...store.newestFirst()];
          const spans = kept.flatMap((trace) => trace.spans);
          expect(store.size).toEqual({
            traces: kept.length,
            spans: spans.length,
            bytes: spans.reduce((sum, span) => sum + sizeOf(span), 0),
          });
          expect(spans.length).toBeLessThanOrEqual(bounds.maxSpans);
          expect(store.size.bytes).toBeLessThanOrEqual(maxBytes);
          expect(kept.every((trace) => trace.spans.length <= bounds.maxSpansPerTrace)).toBe(true);
        }
      }),
    );
  });

  it('lets the oldest trace make room, whole', () => {
    const store = new TraceStore(bounds);
    for (const trace of ['old', 'middle', 'new']) {
      for (const id of ['1', '2', '3', '4']) store.add(spanWith({ trace, id }));
    }
    expect(store.get('old')).toBeUndefined();
    expect([...store.newestFirst()].map(({ traceID }) => traceID)).toEqual(['new', 'middle']);
  });

  it('counts the spans that a full trace does not take', () => {
    const store = new TraceStore(bounds);
    for (const id of ['1', '2', '3', '4', '5', '6', '4']) store.add(spanWith({ trace: 't', id }));
    expect(store.get('t')).toMatchObject({ dropped: 2, spans: { length: 4 } });
  });

  it('keeps a span that is sent twice once, in its last form', () => {
    const store = new TraceStore(bounds);
    store.add(spanWith({ trace: 't', id: '1', operationName: 'first' }));
    store.add(spanWith({ trace: 't', id: '1', operationName: 'second' }));
    expect(store.get('t')?.spans.map(({ operationName }) => operationName)).toEqual(['second']);
  });

  it('names services and operations in order', () => {
    const store = new TraceStore(bounds);
    store.add(spanWith({ id: '1', service: 'user', operationName: 'GetUser' }));
    store.add(spanWith({ id: '2', service: 'blog', operationName: 'ListPosts' }));
    store.add(spanWith({ id: '3', service: 'blog', operationName: 'GetPost' }));
    expect(store.services()).toEqual(['blog', 'user']);
    expect(store.operations('blog')).toEqual(['GetPost', 'ListPosts']);
    expect(store.operations('nobody')).toEqual([]);
  });
});
