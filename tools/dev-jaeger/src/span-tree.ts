import { type Span, parentOf } from './jaeger-model.js';

/** A span with its place in the waterfall. */
export interface Row {
  readonly span: Span;
  /** 0 for a root. */
  readonly depth: number;
  /** It names a parent that is not among the trace's spans. */
  readonly orphan: boolean;
}

/**
 * Rows from top to bottom: each span above its children, siblings by their start. Every span comes exactly once, whatever
 * the senders claim: spans that are their own ancestors have no root above them and follow at the end as orphans.
 */
export function spanTree(spans: readonly Span[]): Row[] {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const children = Map.groupBy([...spans].sort(byStart), (span) => {
    const parent = parentOf(span);
    return parent !== undefined && ids.has(parent) ? parent : undefined;
  });
  const rows: Row[] = [];
  const placed = new Set<string>();
  // A stack of its own: a chain of thousands of spans would be too deep for calls.
  const place = (roots: readonly Span[], allOrphans: boolean) => {
    const waiting = roots
      .map((span) => ({ span, depth: 0, orphan: allOrphans || parentOf(span) !== undefined }))
      .reverse();
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      const { span, depth } = row;
      if (placed.has(span.spanID)) continue;
      placed.add(span.spanID);
      rows.push(row);
      const below = children.get(span.spanID) ?? [];
      waiting.push(...below.map((child) => ({ span: child, depth: depth + 1, orphan: false })).reverse());
    }
  };
  place(children.get(undefined) ?? [], false);
  for (const span of spans) if (!placed.has(span.spanID)) place([span], true);
  return rows;
}

const byStart = (a: Span, b: Span): number => a.startTime - b.startTime || (a.spanID < b.spanID ? -1 : 1);
