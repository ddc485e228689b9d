import type { Span, Tag } from './jaeger-model.js';

export interface StoreBounds {
  /** Of all traces together. */
  readonly maxSpans: number;
  /** Of all traces together, as `sizeOf` estimates them. */
  readonly maxBytes: number;
  /** Of one trace. A trace that never ends would otherwise push out every other. */
  readonly maxSpansPerTrace: number;
}

/**
 * Some 1,600 requests of 20 spans. Measured with 9 attributes a span: 64 MiB by `sizeOf` were 58 MiB of heap, and 81 MiB
 * when each span came in a batch of its own.
 */
export const DEFAULT_BOUNDS: StoreBounds = { maxSpans: 50_000, maxBytes: 64 * 1024 * 1024, maxSpansPerTrace: 5_000 };

export interface Trace {
  readonly traceID: string;
  readonly spans: readonly Span[];
  /** Spans that came after the trace was full. */
  readonly dropped: number;
}

/** Traces in memory, the oldest making room for the newest. Oldest is whose first span came first. */
export class TraceStore {
  // A Map keeps the order of insertion, so its first entry is the oldest trace.
  readonly #traces = new Map<string, { spans: Map<string, Span>; bytes: number; dropped: number }>();
  #spans = 0;
  #bytes = 0;

  constructor(readonly bounds: StoreBounds = DEFAULT_BOUNDS) {}

  /** Keeps a span. One that is sent twice (an exporter that tried again) replaces itself. */
  add(span: Span): void {
    let trace = this.#traces.get(span.traceID);
    if (!trace) this.#traces.set(span.traceID, (trace = { spans: new Map(), bytes: 0, dropped: 0 }));
    const before = trace.spans.get(span.spanID);
    if (!before && trace.spans.size >= this.bounds.maxSpansPerTrace) {
      trace.dropped += 1;
      return;
    }
    const growth = sizeOf(span) - (before ? sizeOf(before) : 0);
    trace.spans.set(span.spanID, span);
    trace.bytes += growth;
    this.#bytes += growth;
    this.#spans += before ? 0 : 1;
    this.#evict();
  }

  get(traceID: string): Trace | undefined {
    const trace = this.#traces.get(traceID);
    return trace && { traceID, spans: [...trace.spans.values()], dropped: trace.dropped };
  }

  /** Everything kept, the newest arrival first. */
  *newestFirst(): Generator<Trace> {
    for (const traceID of [...this.#traces.keys()].reverse()) {
      const trace = this.get(traceID);
      if (trace) yield trace;
    }
  }

  /** Names in alphabetical order. */
  services(): string[] {
    return this.#distinct((span) => span.process.serviceName);
  }

  /** Names in alphabetical order. */
  operations(service: string): string[] {
    return this.#distinct((span) => (span.process.serviceName === service ? span.operationName : undefined));
  }

  /** Names with the kinds of their spans, in alphabetical order; of one kind if asked. An unknown kind is the empty text. */
  operationsByKind(service: string, kind?: string): { name: string; spanKind: string }[] {
    const pairs = this.#distinct((span) => {
      const spanKind = span.tags.find(({ key }) => key === 'span.kind')?.value ?? '';
      const asked = span.process.serviceName === service && (kind === undefined || kind === spanKind);
      return asked ? `${span.operationName}\n${String(spanKind)}` : undefined;
    });
    return pairs.map((pair) => {
      const end = pair.lastIndexOf('\n');
      return { name: pair.slice(0, end), spanKind: pair.slice(end + 1) };
    });
  }

  get size(): { traces: number; spans: number; bytes: number } {
    return { traces: this.#traces.size, spans: this.#spans, bytes: this.#bytes };
  }

  #distinct(pick: (span: Span) => string | undefined): string[] {
    const found = new Set<string>();
    for (const { spans } of this.#traces.values()) {
      for (const span of spans.values()) {
        const name = pick(span);
        if (name !== undefined) found.add(name);
      }
    }
    return [...found].sort();
  }

  #evict(): void {
    for (const [traceID, { spans, bytes }] of this.#traces) {
      if (this.#spans <= this.bounds.maxSpans && this.#bytes <= this.bounds.maxBytes) return;
      this.#traces.delete(traceID);
      this.#spans -= spans.size;
      this.#bytes -= bytes;
    }
  }
}

/** Bytes of heap, roughly: fixed parts as measured, text at one byte a character. The process is shared by a batch. */
export function sizeOf(span: Span): number {
  const tags = (list: readonly Tag[]) =>
    list.reduce((sum, { key, value }) => sum + 100 + key.length + (typeof value === 'string' ? value.length : 0), 0);
  const logs = span.logs.reduce((sum, { fields }) => sum + 100 + tags(fields), 0);
  return 500 + span.operationName.length + span.references.length * 150 + tags(span.tags) + logs;
}
