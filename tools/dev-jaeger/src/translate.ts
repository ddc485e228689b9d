import { Buffer } from 'node:buffer';
import type { InstrumentationScope } from './gen/opentelemetry/proto/common/v1/common_pb.js';
import type { Resource } from './gen/opentelemetry/proto/resource/v1/resource_pb.js';
import {
  type ResourceSpans,
  type Span as OtlpSpan,
  Span_SpanKind as Kind,
  Status_StatusCode as StatusCode,
} from './gen/opentelemetry/proto/trace/v1/trace_pb.js';
import { tagOf } from './attribute-tag.js';
import type { Log, Process, Reference, Span, Tag } from './jaeger-model.js';

/** What Jaeger calls a process whose resource has no `service.name`. */
const NO_SERVICE = 'missing-service-name';

/** Spans as Jaeger translates them from OTLP. Those whose ids are not usable are counted and left out. */
export function translate(batches: readonly ResourceSpans[]): { spans: Span[]; rejected: number } {
  const spans: Span[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans } of batches) {
    const process = processOf(resource);
    for (const { scope, spans: received } of scopeSpans) {
      for (const span of received) {
        if (isId(span.traceId, 16) && isId(span.spanId, 8)) spans.push(spanOf(span, scope, process));
        else rejected += 1;
      }
    }
  }
  return { spans, rejected };
}

function spanOf(span: OtlpSpan, scope: InstrumentationScope | undefined, process: Process): Span {
  const start = span.startTimeUnixNano;
  const end = span.endTimeUnixNano > start ? span.endTimeUnixNano : start;
  return {
    traceID: hex(span.traceId),
    spanID: hex(span.spanId),
    operationName: span.name,
    references: referencesOf(span),
    startTime: microseconds(start),
    duration: microseconds(end - start),
    tags: tagsOf(span, scope),
    logs: span.events.map((event): Log => ({
      timestamp: microseconds(event.timeUnixNano),
      fields: [...text('event', event.name), ...event.attributes.map(tagOf)],
    })),
    process,
  };
}

function processOf(resource: Resource | undefined): Process {
  const tags = resource?.attributes.map(tagOf) ?? [];
  const name = tags.find(({ key }) => key === 'service.name')?.value;
  return {
    serviceName: name === undefined || name === '' ? NO_SERVICE : String(name),
    tags: tags.filter(({ key }) => key !== 'service.name').sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

function referencesOf(span: OtlpSpan): Reference[] {
  const traceID = hex(span.traceId);
  const parent: Reference[] = isId(span.parentSpanId, 8)
    ? [{ refType: 'CHILD_OF', traceID, spanID: hex(span.parentSpanId) }]
    : [];
  const links = span.links.map((link): Reference => ({
    refType: 'FOLLOWS_FROM',
    traceID: hex(link.traceId),
    spanID: hex(link.spanId),
  }));
  return [...parent, ...links];
}

const KINDS: Readonly<Partial<Record<Kind, string>>> = {
  [Kind.INTERNAL]: 'internal',
  [Kind.SERVER]: 'server',
  [Kind.CLIENT]: 'client',
  [Kind.PRODUCER]: 'producer',
  [Kind.CONSUMER]: 'consumer',
};

function tagsOf(span: OtlpSpan, scope: InstrumentationScope | undefined): Tag[] {
  const failed = span.status?.code === StatusCode.ERROR;
  const succeeded = span.status?.code === StatusCode.OK;
  return [
    ...text('otel.scope.name', scope?.name),
    ...text('otel.scope.version', scope?.version),
    ...span.attributes.map(tagOf),
    ...text('span.kind', KINDS[span.kind]),
    ...text('otel.status_code', failed ? 'ERROR' : succeeded ? 'OK' : undefined),
    ...(failed ? [{ key: 'error', type: 'bool', value: true } as const] : []),
    ...text('otel.status_description', span.status?.message),
    ...text('w3c.tracestate', span.traceState),
  ];
}

const text = (key: string, value: string | undefined): Tag[] => (value ? [{ key, type: 'string', value }] : []);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const isId = (bytes: Uint8Array, length: number): boolean =>
  bytes.length === length && bytes.some((byte) => byte !== 0);
const microseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1000n);
