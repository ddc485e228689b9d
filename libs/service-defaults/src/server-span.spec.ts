import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { Code, ServiceError, notFound } from '@trellis/errors';
import { createLogger } from '@trellis/telemetry';
import { serverSpan } from './server-span.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

interface Recorded {
  readonly name: string;
  readonly kind: SpanKind | undefined;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  status?: SpanStatusCode;
}

/** Records what is started; a whole SDK would add nothing to what is asked here. */
const spans: Recorded[] = [];
const tracer = {
  startSpan(name: string, options: SpanOptions, context: Context): Span {
    const parent = trace.getSpanContext(context);
    const recorded: Recorded = {
      name,
      kind: options.kind,
      parent: parent && `${parent.traceId} ${parent.spanId}`,
      attributes: { ...options.attributes },
    };
    spans.push(recorded);
    const span = trace.wrapSpanContext({ traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 1 });
    return Object.assign(span, {
      setAttribute: (key: string, value: string) => Object.assign(recorded.attributes, { [key]: value }),
      setStatus: ({ code }: { code: SpanStatusCode }) => (recorded.status = code),
    });
  },
} as unknown as Tracer;

describe('the span of a served call', () => {
  const path = '/trellis.blog.v1.BlogService/GetPost';
  const metadata = new Metadata();
  metadata.set('traceparent', `00-${TRACE}-${PARENT}-01`);
  const inServerSpan = serverSpan(createLogger({ name: 'blog', level: 'silent' }));
  const serve = (run: () => Promise<unknown>): Promise<unknown> => inServerSpan(path, metadata, run);

  beforeAll(() => void trace.setGlobalTracerProvider({ getTracer: () => tracer }));
  afterAll(() => trace.disable());
  beforeEach(() => {
    spans.length = 0;
  });

  it("is a child of the caller's", async () => {
    expect(await serve(async () => 'answer')).toBe('answer');
    expect(spans).toEqual([
      {
        name: 'trellis.blog.v1.BlogService/GetPost',
        kind: SpanKind.SERVER,
        parent: `${TRACE} ${PARENT}`,
        attributes: expect.objectContaining({ 'rpc.status_code': 'OK' }),
      },
    ]);
  });

  it('is no failure when the service refuses what it should refuse', async () => {
    await expect(serve(() => Promise.reject(notFound('No such post')))).rejects.toMatchObject({ code: Code.NOT_FOUND });
    expect(spans[0]).toMatchObject({ attributes: { 'rpc.status_code': 'NOT_FOUND' } });
    expect(spans[0]?.status).toBeUndefined();
  });

  it('is a failure when the service failed, and carries no cause', async () => {
    const failed = serve(() => Promise.reject(new Error('password=hunter2')));
    await expect(failed).rejects.toBeInstanceOf(ServiceError);
    expect(spans[0]).toMatchObject({
      status: SpanStatusCode.ERROR,
      attributes: { 'rpc.status_code': 'INTERNAL', 'error.type': 'INTERNAL' },
    });
    expect(JSON.stringify(spans)).not.toContain('hunter2');
  });

  it('is UNAVAILABLE when the database is away', async () => {
    const unreachable = Object.assign(new Error("Can't reach database server at 10.0.0.7:5432"), {
      name: 'PrismaClientKnownRequestError',
      code: 'P1001',
    });
    await expect(serve(() => Promise.reject(unreachable))).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'DATABASE_UNREACHABLE',
      message: expect.not.stringContaining('10.0.0.7'),
      retryAfter: 1,
    });
  });
});
