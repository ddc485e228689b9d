import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Origin } from './edge/origin.js';
import { type Outgoing, requestHeaders, responseHeaders } from './forwarded-headers.js';

const CLIENT: Origin = { trusted: false, address: '203.0.113.7', proxies: [], scheme: 'http', host: undefined };

const outgoing = (headers: Outgoing['request']['headers'], changes: Partial<Outgoing> = {}): Outgoing => ({
  request: { headers, httpVersion: '1.1' },
  origin: CLIENT,
  authority: 'api.example.com:8080',
  requestId: 'r-1',
  correlationId: undefined,
  headerChanges: undefined,
  ...changes,
});

/** By name, with the values of each in their order. */
function grouped(list: readonly string[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (let at = 0; at < list.length; at += 2) (all[list[at] ?? ''] ??= []).push(list[at + 1] ?? '');
  return all;
}

const OURS = {
  'x-forwarded-for': ['203.0.113.7'],
  'x-forwarded-proto': ['http'],
  'x-forwarded-host': ['api.example.com:8080'],
  forwarded: ['for=203.0.113.7;proto=http;host="api.example.com:8080"'],
  via: ['1.1 trellis'],
  'x-request-id': ['r-1'],
};

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,15}$/).filter((each) => !/^(?:x.forwarded.|x.b3.)/.test(each));
const value = fc.stringMatching(/^[\x20-\x7e]{0,20}$/);

describe('the headers that a service sees', () => {
  it('are the client’s, without those of the connection, and ours', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { noNullPrototype: true }),
        fc.array(name, { maxLength: 2 }),
        (plain, named) => {
          const connection = ['keep-alive', ...named].join(' , ').toUpperCase();
          const got = grouped(requestHeaders(outgoing({ ...plain, connection, te: 'trailers', host: 'evil.test' })));
          const passed = Object.entries(plain).filter(([each]) => !named.includes(each) && got[each] !== undefined);
          expect(got).toEqual({ ...Object.fromEntries(passed.map(([each, text]) => [each, [text]])), ...OURS });
          const missing = Object.keys(plain).filter((each) => !named.includes(each) && got[each] === undefined);
          expect(missing.filter((each) => !KEPT.has(each.replaceAll('_', '-')))).toEqual([]);
        },
      ),
    );
  });

  const KEPT = new Set([
    'te',
    'upgrade',
    'trailer',
    'expect',
    'host',
    'forwarded',
    'via',
    'baggage',
    'b3',
    'connection',
  ]);

  it.each([
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-prefix',
    'x_forwarded_for',
    'x-forwarded_host',
    'x-real-ip',
    'x_real_ip',
    'x-request-id',
    'x-correlation-id',
    'traceparent',
    'tracestate',
    'baggage',
    'b3',
    'x-b3-traceid',
    'x_b3_sampled',
    'uber-trace-id',
    'transfer-encoding',
    'content-length',
    'http2-settings',
    'proxy-authorization',
  ])('have no %s of the client’s', (claimed) => {
    expect(grouped(requestHeaders(outgoing({ [claimed]: 'evil' })))).toEqual(OURS);
  });

  it('keep what was said before of the way here, and end with us', () => {
    const origin: Origin = {
      ...CLIENT,
      trusted: true,
      address: '2001:db8::1',
      proxies: ['10.0.0.3', 'fd00::2'],
      scheme: 'https',
      host: 'shop.example.com',
    };
    const told = outgoing({ via: '1.0 fred' }, { origin, correlationId: 'order-7' });
    expect(grouped(requestHeaders(told))).toEqual({
      'x-forwarded-for': ['2001:db8::1, 10.0.0.3, fd00::2'],
      'x-forwarded-proto': ['https'],
      'x-forwarded-host': ['shop.example.com'],
      forwarded: ['for="[2001:db8::1]";proto=https;host="shop.example.com", for=10.0.0.3, for="[fd00::2]"'],
      via: ['1.0 fred, 1.1 trellis'],
      'x-request-id': ['r-1'],
      'x-correlation-id': ['order-7'],
    });
  });

  it('say what of the path is not for the service', () => {
    expect(grouped(requestHeaders(outgoing({ 'x-forwarded-prefix': '/evil' }), '/shop'))).toEqual({
      ...OURS,
      'x-forwarded-prefix': ['/shop'],
    });
  });

  it('say nothing of a host that the request did not name', () => {
    const got = grouped(requestHeaders(outgoing({}, { authority: '' })));
    expect(got['forwarded']).toEqual(['for=203.0.113.7;proto=http']);
    expect(got).not.toHaveProperty('x-forwarded-host');
  });

  it('change as the route says, ours too', () => {
    const headerChanges = { set: { 'x-tenant': 'a', via: 'x' }, remove: ['cookie', 'x-forwarded-host'] };
    const got = grouped(
      requestHeaders(outgoing({ cookie: 'a=1', 'x-tenant': 'evil', accept: '*/*' }, { headerChanges })),
    );
    const { 'x-forwarded-host': _, ...rest } = OURS;
    expect(got).toEqual({ ...rest, accept: ['*/*'], 'x-tenant': ['a'], via: ['x'] });
  });
});

describe('the headers that a client sees', () => {
  it('are the service’s, each value in its place, without those of the connection and the ids that are ours to give', () => {
    const passed = responseHeaders([
      ...['connection', 'close, X-Secret', 'x-secret', '1', 'keep-alive', 'timeout=9', 'transfer-encoding', 'chunked'],
      ...['set-cookie', 'a=1', 'set-cookie', 'b=2', 'content-length', '7', 'trailer', 'x', 'x-request-id', 'theirs'],
      ...['x-trace-id', 'theirs', 'upgrade', 'h2c', 'proxy-authenticate', 'x', 'date', 'today'],
    ]);
    expect(passed).toEqual(['set-cookie', 'a=1', 'set-cookie', 'b=2', 'content-length', '7', 'date', 'today']);
  });
});
