import { describe, expect, it } from '@jest/globals';
import { spanWith } from './spans.testing.js';
import { BadQuery, findTraces, parseTraceQuery } from './trace-query.js';

const NOW = 2_000_000; // milliseconds
const query = (text: string) => parseTraceQuery(new URLSearchParams(text), NOW);

describe('parseTraceQuery', () => {
  it('has the defaults of Jaeger', () => {
    expect(query('service=blog')).toEqual({
      service: 'blog',
      operation: undefined,
      tags: {},
      start: 0,
      end: 2_000_000_000,
      minDuration: 0,
      maxDuration: Infinity,
      limit: 100,
    });
  });

  it('reads what the page of Jaeger sends', () => {
    const text =
      'service=blog&operation=GetPost&start=5&end=9000000&lookback=1s&minDuration=10ms&maxDuration=2s&limit=20';
    expect(query(`${text}&tags={"error":"true"}&tag=url.full:http://a`)).toEqual({
      service: 'blog',
      operation: 'GetPost',
      tags: { error: 'true', 'url.full': 'http://a' },
      start: 5,
      end: 9_000_000,
      minDuration: 10_000,
      maxDuration: 2_000_000,
      limit: 20,
    });
    expect(query('lookback=1m').start).toBe(1_940_000_000);
    expect(query('lookback=custom').start).toBe(0);
  });

  it.each([
    'limit=many',
    'limit=-1',
    'start=1.5',
    'minDuration=10',
    'lookback=1d',
    'tags=error',
    'tags={"a":1}',
    'tag=error',
    'maxDuration=1ms&minDuration=2ms',
  ])('refuses %s and names the parameter', (text) => {
    expect(() => query(text)).toThrow(BadQuery);
    expect(() => query(text)).toThrow(text.split('=')[0]);
  });
});

describe('findTraces', () => {
  const trace = (traceID: string, ...spans: Parameters<typeof spanWith>[0][]) => ({
    traceID,
    spans: spans.map((span, index) => spanWith({ trace: traceID, id: `${index}`, ...span })),
    dropped: 0,
  });
  const traces = [
    trace('slow', { startTime: 10, duration: 90_000 }, { service: 'user', failed: true }),
    trace('fast', {
      startTime: 30,
      duration: 5,
      logs: [{ timestamp: 31, fields: [{ key: 'event', type: 'string', value: 'hit' }] }],
    }),
    trace('other', {
      startTime: 20,
      operationName: 'ListPosts',
      process: { serviceName: 'blog', tags: [{ key: 'zone', type: 'string', value: 'a' }] },
    }),
  ];
  const found = (text: string) => findTraces(traces, query(text)).map(({ traceID }) => traceID);

  it.each([
    ['service=blog', ['fast', 'other', 'slow']],
    ['service=user', ['slow']],
    ['operation=ListPosts', ['other']],
    ['minDuration=50ms', ['slow']],
    ['service=blog&maxDuration=50us', ['fast']],
    ['tag=error:true', ['slow']],
    ['tag=event:hit', ['fast']],
    ['tag=zone:a', ['other']],
    ['tag=zone:b', []],
    ['start=15&end=25', ['other']],
    ['limit=2', ['fast', 'other']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('wants one span that has it all', () => {
    expect(found('service=blog&tag=error:true')).toEqual([]);
  });
});
