import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type TestAuth, testAuth } from './auth.fixture.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('the span of a request', () => {
  const spans = new InMemorySpanExporter();
  let auth: TestAuth;
  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
    );
    auth = await testAuth();
  });
  afterAll(() => auth.stop());

  const get = (path: string): Promise<Response> =>
    fetch(auth.issuer + path, { headers: { accept: 'text/html', traceparent: `00-${TRACE}-${PARENT}-01` } });

  it("is a child of the gateway's, and is named by the route", async () => {
    spans.reset();
    await get('/oauth2/interaction/an-id');
    expect(spans.getFinishedSpans()).toEqual([
      expect.objectContaining({
        name: 'GET /oauth2/interaction/{uid}',
        kind: SpanKind.SERVER,
        parentSpanContext: expect.objectContaining({ traceId: TRACE, spanId: PARENT }),
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/oauth2/interaction/{uid}',
          'url.path': '/oauth2/interaction/an-id',
          'url.scheme': 'http',
          'http.response.status_code': 400,
        },
      }),
    ]);
  });

  it('is named by the method alone where no route is, and its trace is on the error page', async () => {
    spans.reset();
    expect(await (await get('/oauth2/made-up')).text()).toContain(`not_found · ${TRACE}`);
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['GET']);
  });
});
