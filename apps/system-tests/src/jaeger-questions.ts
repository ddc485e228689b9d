/** Spans of every shape, and what is asked of them: the same to a real Jaeger and to dev-jaeger. Ids are as text. */
export const TRACE = '0123456789abcdef0123456789abcdef';
/** Its first half is zero. */
export const SHORT = '000000000000000000000000000000ff';

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

/** An OTLP/JSON export. `start`: microseconds since 1970. */
export function spansOfEveryShape(start: number) {
  const at = (microseconds: number) => `${BigInt(start + microseconds) * 1000n}`;
  const span = (traceId: string, spanId: string, name: string, kind: number, from: number, to: number, more = {}) => ({
    ...{ traceId, spanId: spanId.padStart(16, '0'), name, kind },
    ...{ startTimeUnixNano: at(from), endTimeUnixNano: at(to) },
    ...more,
  });
  const below = (spanId: string) => ({ parentSpanId: spanId.padStart(16, '0') });
  const attributes = [
    text('s', 'text'),
    text('empty', ''),
    { key: 'b', value: { boolValue: true } },
    { key: 'i', value: { intValue: '42' } },
    { key: 'big', value: { intValue: '9007199254740993' } },
    { key: 'd', value: { doubleValue: 1.5 } },
    { key: 'whole', value: { doubleValue: 2 } },
    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: '1' }] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'z', value: { boolValue: false } }, text('a', 'q')] } } },
    { key: 'bytes', value: { bytesValue: 'AAEC' } },
  ];
  const events = [
    { timeUnixNano: at(1000), name: 'something', attributes: [{ key: 'n', value: { intValue: '1' } }] },
    { timeUnixNano: at(2000) },
  ];
  const links = [{ traceId: SHORT, spanId: '00000000000000b1' }];
  const failed = { attributes: [text('error.type', 'UNAVAILABLE')], status: { code: 2, message: 'gone' } };
  const shop = [text('service.name', 'shop'), text('service.version', '1.2.3'), text('service.instance.id', 'shop-1')];
  return {
    resourceSpans: [
      {
        resource: { attributes: shop },
        scopeSpans: [
          {
            scope: { name: 'trellis', version: '1' },
            spans: [
              span(TRACE, 'a1', 'GET /things', 2, 0, 5000, { traceState: 'a=b', attributes, events, links }),
              span(TRACE, 'a2', 'charge', 3, 1500, 2500, { ...below('a1'), ...failed }),
              span(TRACE, 'a3', 'inside', 1, 3000, 3500, { ...below('a1'), status: { code: 1 } }),
            ],
          },
        ],
      },
      {
        resource: { attributes: [text('service.name', 'till')] },
        scopeSpans: [
          {
            spans: [
              span(TRACE, 'a4', 'charge', 2, 1600, 2400, below('a2')),
              span(SHORT, 'b1', 'send orders', 4, 100, 200),
              span(SHORT, 'b2', 'process orders', 5, 300, 400, below('b1')),
            ],
          },
        ],
      },
      { scopeSpans: [{ spans: [span(SHORT, 'b3', 'nameless', 0, 500, 600, below('b9'))] }] },
    ],
  };
}

/** Before any span has come. */
export const EMPTY_QUESTIONS: readonly string[] = [
  '/api/traces?service=none',
  '/api/services/none/operations',
  '/api/operations?service=none',
  '/api/operations',
];

/** Paths of the query API. `start`: of the spans. */
export function questions(start: number): string[] {
  const shop = (query: string) => `/api/traces?service=shop&${query}`;
  const tags = (value: unknown) => shop(`tags=${encodeURIComponent(JSON.stringify(value))}`);
  return [
    ...['/api/services/shop/operations', '/api/services/till/operations', '/api/operations?service=till'],
    '/api/operations?service=shop&spanKind=client',
    ...[TRACE, TRACE.toUpperCase(), SHORT, 'ff', 'a'.repeat(32), 'zz', '1'.repeat(33)].map((id) => `/api/traces/${id}`),
    ...['/api/traces', '/api/traces?service=', '/api/traces?service=shop', '/api/traces?service=till'],
    ...['/api/traces?service=till&limit=1', '/api/traces?service=till&limit=x'],
    ...['/api/traces?service=missing-service-name', '/api/traces?service=nobody'],
    ...[`traceID=${TRACE}`, `traceID=${TRACE}&traceID=ff`, 'traceID=zz', `traceID=${'a'.repeat(32)}`].map(
      (query) => `/api/traces?${query}`,
    ),
    ...[
      'operation=charge',
      'operation=none',
      'tag=error:true',
      'tag=s:text&tag=b:true',
      'tag=service.version:1.2.3',
    ].map(shop),
    ...['tag=n:1', 'tag=i:42', 'tag=bad', 'tags=bad', 'minDuration=3ms', 'minDuration=30ms', 'maxDuration=600us'].map(
      shop,
    ),
    ...['maxDuration=1us', 'minDuration=x', 'minDuration=3ms&maxDuration=1ms', 'start=x', 'lookback=1h'].map(shop),
    ...[`start=${start + 60_000_000}`, `end=${start - 60_000_000}`].map(shop),
    ...[tags({ error: 'true' }), tags({ i: 42 })],
    ...[`/api/traces/${TRACE}/x`, '/api/services/shop', '/api/none'],
  ];
}
