import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DevJaeger, startDevJaeger } from './start-dev-jaeger.js';

let jaeger: DevJaeger;
beforeAll(async () => {
  jaeger = await startDevJaeger();
});
afterAll(async () => {
  await jaeger.stop();
});

/** A service with the real SDK, sending to the stand-in. */
function service(name: string) {
  const exporter = new OTLPTraceExporter({ url: `${jaeger.otlpUrl}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.version': '1.0.0' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('trellis', '0.1.0');
  return {
    tracer,
    flush: () => provider.forceFlush(),
    under: (parent: Span): Context => trace.setSpan(ROOT_CONTEXT, parent),
  };
}

const get = async (path: string): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${jaeger.jaegerUrl}${path}`);
  return { status: answer.status, body: await answer.json() };
};
const answered = (data: unknown, total = 0) => ({
  status: 200,
  body: { data, total, limit: 0, offset: 0, errors: null },
});
const failed = (code: number, msg: string) => ({
  status: code,
  body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] },
});

describe('the query API', () => {
  it('answers an empty store as Jaeger does', async () => {
    expect(await get('/api/services')).toEqual(answered(null));
    expect(await get('/api/traces?service=blog')).toEqual(answered([]));
  });

  it('shows what two services with the real SDK send as one trace', async () => {
    const [gateway, blog] = [service('gateway'), service('blog')];
    const root = gateway.tracer.startSpan('GET /v1/posts/{id}', { kind: SpanKind.SERVER });
    const call = blog.tracer.startSpan(
      'BlogService/GetPost',
      { kind: SpanKind.SERVER, attributes: { tries: 2 }, links: [{ context: root.spanContext() }] },
      blog.under(root),
    );
    call.addEvent('picked', { instance: 'blog-1' });
    call.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' });
    call.end();
    root.end();
    await Promise.all([gateway.flush(), blog.flush()]);

    const { traceId: traceID, spanId } = root.spanContext();
    const one = await get(`/api/traces/${traceID}`);
    expect(one).toMatchObject(
      answered([
        {
          traceID,
          spans: expect.arrayContaining([
            expect.objectContaining({
              spanID: spanId,
              operationName: 'GET /v1/posts/{id}',
              references: [],
              warnings: null,
            }),
            {
              traceID,
              spanID: call.spanContext().spanId,
              operationName: 'BlogService/GetPost',
              references: [
                { refType: 'CHILD_OF', traceID, spanID: spanId },
                { refType: 'FOLLOWS_FROM', traceID, spanID: spanId },
              ],
              startTime: expect.any(Number),
              duration: expect.any(Number),
              tags: [
                { key: 'otel.scope.name', type: 'string', value: 'trellis' },
                { key: 'otel.scope.version', type: 'string', value: '0.1.0' },
                { key: 'tries', type: 'int64', value: 2 },
                { key: 'span.kind', type: 'string', value: 'server' },
                { key: 'otel.status_code', type: 'string', value: 'ERROR' },
                { key: 'error', type: 'bool', value: true },
                { key: 'otel.status_description', type: 'string', value: 'gone' },
              ],
              logs: [
                {
                  timestamp: expect.any(Number),
                  fields: [
                    { key: 'event', type: 'string', value: 'picked' },
                    { key: 'instance', type: 'string', value: 'blog-1' },
                  ],
                },
              ],
              processID: expect.stringMatching(/^p[12]$/),
              warnings: null,
            },
          ]),
          processes: {
            p1: { serviceName: expect.any(String), tags: [{ key: 'service.version', type: 'string', value: '1.0.0' }] },
            p2: { serviceName: expect.any(String) },
          },
          warnings: null,
        },
      ]),
    );
    expect(await get('/api/services')).toEqual(answered(['blog', 'gateway'], 2));
    expect(await get('/api/services/blog/operations')).toEqual(answered(['BlogService/GetPost'], 1));
    const operation = { name: 'BlogService/GetPost', spanKind: 'server' };
    expect(await get('/api/operations?service=blog')).toEqual(answered([operation], 1));
    expect(await get('/api/operations?service=blog&spanKind=client')).toEqual(answered([], 0));
    expect(await get(`/api/traces?traceID=${traceID}`)).toEqual(one);
    expect(await get(`/api/traces?traceID=${'0'.repeat(16)}${'a'.repeat(16)}`)).toEqual({
      status: 200,
      body: { ...answered([]).body, errors: [{ msg: 'trace not found', traceID: 'a'.repeat(16) }] },
    });
    expect(await get(`/api/traces?service=blog&tags=${encodeURIComponent('{"error":"true"}')}`)).toEqual(one);
    expect(await get('/api/traces?service=blog&operation=other')).toEqual(answered([]));
  });

  it('refuses what Jaeger refuses', async () => {
    expect(await get('/api/traces')).toEqual(failed(400, "parameter 'service' is required"));
    expect(await get('/api/operations')).toEqual(failed(400, "parameter 'service' is required"));
    expect(await get('/api/traces?traceID=xyz')).toMatchObject({ status: 400 });
    expect(await get('/api/traces?service=blog&limit=x')).toMatchObject({ status: 400 });
    expect(await get('/api/traces/xyz')).toEqual(failed(400, 'malformed trace ID: xyz'));
    expect(await get(`/api/traces/${'1'.repeat(32)}`)).toEqual(failed(404, 'trace not found'));
  });
});

describe('startDevJaeger', () => {
  it('says which port is taken and leaves the other free', async () => {
    const port = Number(new URL(jaeger.jaegerUrl).port);
    await expect(startDevJaeger({ jaegerPort: port })).rejects.toMatchObject({ port, option: 'jaegerPort' });
    const otlpPort = Number(new URL(jaeger.otlpUrl).port);
    await expect(startDevJaeger({ otlpPort })).rejects.toMatchObject({ port: otlpPort, option: 'otlpPort' });
  });
});
