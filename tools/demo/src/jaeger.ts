import { z } from 'zod';
import { request } from './http.js';

const tag = z.object({ key: z.string(), value: z.unknown() });

const span = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  processID: z.string(),
  /** Microseconds since 1970. */
  startTime: z.number(),
  /** Microseconds. */
  duration: z.number(),
  /** The parent, and what it is linked to, which may be of another trace. */
  references: z.array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() })),
  tags: z.array(tag),
});

const trace = z.object({
  traceID: z.string(),
  spans: z.array(span),
  processes: z.record(z.string(), z.object({ serviceName: z.string(), tags: z.array(tag).default([]) })),
});

const answer = z.object({ data: z.array(trace) });

/** A trace as Jaeger's query API tells it. https://www.jaegertracing.io/docs/latest/apis/ */
export type Trace = z.infer<typeof trace>;
export type Span = z.infer<typeof span>;

/** The trace as far as it has arrived; undefined when nothing of it has. */
export async function readTrace(jaegerUrl: string, traceId: string): Promise<Trace | undefined> {
  const { status, body } = await request(`${jaegerUrl}/api/traces/${traceId}`);
  return status === 200 ? answer.parse(body).data[0] : undefined;
}
