import { describe, expect, it } from '@jest/globals';
import { readExport } from './otlp-body.js';
import { translate } from './translate.js';

const TRACE = '5b8efff798038103d269b633813fc60c';
const span = {
  traceId: TRACE,
  spanId: 'eee19b7ec3c1b174',
  parentSpanId: 'eee19b7ec3c1b173',
  name: 'GetPost',
  kind: 2,
  startTimeUnixNano: '1544712660300000000',
  endTimeUnixNano: '1544712660300250999',
};

const translated = (fields: object = {}, resource: object = {}, scope: object = {}) => {
  const body = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [{ ...span, ...fields }] }] }] };
  return translate(readExport(Buffer.from(JSON.stringify(body)), 'json').resourceSpans);
};
const tagsOf = (fields: object) => translated(fields).spans[0]?.tags;

describe('translate', () => {
  it('gives a span the shape that Jaeger gives it', () => {
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const resource = { attributes: [attribute('service.name', 'blog'), attribute('service.instance.id', 'blog-1')] };
    expect(translated({}, resource, { name: 'trellis', version: '1' })).toEqual({
      rejected: 0,
      spans: [
        {
          traceID: TRACE,
          spanID: 'eee19b7ec3c1b174',
          operationName: 'GetPost',
          references: [{ refType: 'CHILD_OF', traceID: TRACE, spanID: 'eee19b7ec3c1b173' }],
          startTime: 1_544_712_660_300_000,
          duration: 250,
          tags: [
            { key: 'otel.scope.name', type: 'string', value: 'trellis' },
            { key: 'otel.scope.version', type: 'string', value: '1' },
            { key: 'span.kind', type: 'string', value: 'server' },
          ],
          logs: [],
          process: { serviceName: 'blog', tags: [{ key: 'service.instance.id', type: 'string', value: 'blog-1' }] },
        },
      ],
    });
  });

  it.each([
    [{ stringValue: 'a' }, 'string', 'a'],
    [{ boolValue: false }, 'bool', false],
    [{ intValue: '7' }, 'int64', 7],
    [{ intValue: '9007199254740993' }, 'int64', '9007199254740993'],
    [{ doubleValue: 0.5 }, 'float64', 0.5],
    [{ bytesValue: 'aGk=' }, 'binary', 'aGk='],
    [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } }, 'string', '["a",1]'],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, 'string', '{"k":true}'],
    [{ kvlistValue: { values: ['z', 'a'].map((key) => ({ key, value: {} })) } }, 'string', '{"a":null,"z":null}'],
    [{}, 'string', ''],
  ])('translates the attribute %j', (value, type, shown) => {
    expect(tagsOf({ kind: 0, attributes: [{ key: 'x', value }] })).toEqual([{ key: 'x', type, value: shown }]);
  });

  it('tells failure, success and trace state in tags', () => {
    expect(tagsOf({ kind: 3, status: { code: 2, message: 'gone' }, traceState: 'a=1' })).toEqual([
      { key: 'span.kind', type: 'string', value: 'client' },
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'error', type: 'bool', value: true },
      { key: 'otel.status_description', type: 'string', value: 'gone' },
      { key: 'w3c.tracestate', type: 'string', value: 'a=1' },
    ]);
    expect(tagsOf({ kind: 0, status: { code: 1 } })).toEqual([
      { key: 'otel.status_code', type: 'string', value: 'OK' },
    ]);
  });

  it('makes events logs and links references', () => {
    const links = [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }];
    const events = [
      { name: 'retry', timeUnixNano: '1544712660300100000', attributes: [{ key: 'n', value: { intValue: '2' } }] },
    ];
    expect(translated({ links, events, parentSpanId: '' }).spans[0]).toMatchObject({
      references: [{ refType: 'FOLLOWS_FROM', traceID: 'a'.repeat(32), spanID: 'b'.repeat(16) }],
      logs: [
        {
          timestamp: 1_544_712_660_300_100,
          fields: [
            { key: 'event', type: 'string', value: 'retry' },
            { key: 'n', type: 'int64', value: 2 },
          ],
        },
      ],
    });
  });

  it('never has a negative duration and always a service', () => {
    expect(translated({ endTimeUnixNano: '0' }).spans[0]).toMatchObject({
      duration: 0,
      process: { serviceName: 'missing-service-name' },
    });
  });

  it.each([{ traceId: '' }, { traceId: '0'.repeat(32) }, { spanId: 'abcd' }])('rejects the ids %j', (ids) => {
    expect(translated(ids)).toEqual({ spans: [], rejected: 1 });
  });
});
