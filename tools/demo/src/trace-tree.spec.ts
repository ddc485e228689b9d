import { describe, expect, it } from '@jest/globals';
import type { Span, Trace } from './jaeger.js';
import { drawTree, traceTree, walk } from './trace-tree.js';

const span = (spanID: string, parent: string | undefined, startTime: number): Span => ({
  traceID: 't',
  spanID,
  operationName: `op-${spanID}`,
  processID: 'p1',
  startTime,
  duration: 1500,
  references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: 't', spanID: parent }],
  tags: [],
});

const trace = (spans: Span[]): Trace => ({ traceID: 't', spans, processes: { p1: { serviceName: 'blog', tags: [] } } });

describe('the tree of a trace', () => {
  it('hangs each span below its parent, in the order of their starts', () => {
    const { roots, orphans } = traceTree(trace([span('c', 'a', 30), span('a', undefined, 10), span('b', 'a', 20)]));
    expect(orphans).toEqual([]);
    expect(drawTree(roots)).toEqual(['└─ blog · op-a 1.5 ms', '   ├─ blog · op-b 1.5 ms', '   └─ blog · op-c 1.5 ms']);
    expect(walk(roots).map((path) => path.map(({ span }) => span.spanID).join('/'))).toEqual(['a', 'a/b', 'a/c']);
  });

  it('names a span whose parent is missing', () => {
    const { roots, orphans } = traceTree(trace([span('a', undefined, 10), span('x', 'gone', 20)]));
    expect(orphans.map(({ spanID }) => spanID)).toEqual(['x']);
    expect(roots).toHaveLength(2);
  });
});
