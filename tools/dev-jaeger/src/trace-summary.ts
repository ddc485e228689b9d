import { isFailed, type Span } from './jaeger-model.js';
import { type Row, spanTree } from './span-tree.js';
import type { Trace } from './trace-store.js';

/** What a person wants to know about a trace at a glance. Times are microseconds. */
export interface TraceSummary {
  readonly traceID: string;
  readonly root: Span;
  readonly rows: readonly Row[];
  readonly start: number;
  readonly duration: number;
  readonly depth: number;
  readonly failed: number;
  readonly orphans: number;
  readonly dropped: number;
  /** Services in the order in which they appear, with the number of their spans. */
  readonly services: ReadonlyMap<string, number>;
}

/** Undefined for a trace without spans. */
export function summarize(trace: Trace): TraceSummary | undefined {
  const rows = spanTree(trace.spans);
  const root = (rows.find(({ orphan }) => !orphan) ?? rows[0])?.span;
  if (!root) return undefined;
  const start = Math.min(...trace.spans.map(({ startTime }) => startTime));
  const end = Math.max(...trace.spans.map(({ startTime, duration }) => startTime + duration));
  const services = new Map<string, number>();
  for (const { span } of rows)
    services.set(span.process.serviceName, (services.get(span.process.serviceName) ?? 0) + 1);
  return {
    traceID: trace.traceID,
    root,
    rows,
    start,
    duration: end - start,
    depth: 1 + Math.max(...rows.map(({ depth }) => depth)),
    failed: trace.spans.filter(isFailed).length,
    orphans: rows.filter(({ orphan }) => orphan).length,
    dropped: trace.dropped,
    services,
  };
}
