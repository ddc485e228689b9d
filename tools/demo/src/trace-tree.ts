import type { Span, Trace } from './jaeger.js';

/** A span with those that it caused, in the order of their starts. */
export interface TraceNode {
  readonly span: Span;
  readonly service: string;
  readonly children: TraceNode[];
}

/** The trees of a trace. A whole trace has one; a span whose parent is missing makes another, and is in `orphans`. */
export function traceTree(trace: Trace): { readonly roots: TraceNode[]; readonly orphans: Span[] } {
  const nodes = new Map<string, TraceNode>();
  for (const span of trace.spans.toSorted((a, b) => a.startTime - b.startTime)) {
    nodes.set(span.spanID, { span, service: trace.processes[span.processID]?.serviceName ?? '?', children: [] });
  }
  const roots: TraceNode[] = [];
  const orphans: Span[] = [];
  for (const node of nodes.values()) {
    const parentId = node.span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
    const parent = parentId === undefined ? undefined : nodes.get(parentId);
    (parent?.children ?? roots).push(node);
    if (parentId !== undefined && !parent) orphans.push(node.span);
  }
  return { roots, orphans };
}

/** Every span of the trees, parents first, with its depth and its ancestors. */
export function walk(nodes: readonly TraceNode[], path: readonly TraceNode[] = []): (readonly TraceNode[])[] {
  return nodes.flatMap((node) => [[...path, node], ...walk(node.children, [...path, node])]);
}

/** The trees as lines of a terminal: service, operation, duration. */
export function drawTree(nodes: readonly TraceNode[], indent = ''): string[] {
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const milliseconds = (node.span.duration / 1000).toFixed(1);
    const own = `${indent}${last ? '└─' : '├─'} ${node.service} · ${node.span.operationName} ${milliseconds} ms`;
    return [own, ...drawTree(node.children, `${indent}${last ? '   ' : '│  '}`)];
  });
}
