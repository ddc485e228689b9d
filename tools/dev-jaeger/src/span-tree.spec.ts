import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parentOf } from './jaeger-model.js';
import { spanTree } from './span-tree.js';
import { spanWith } from './spans.testing.js';

const outline = (spans: Parameters<typeof spanTree>[0]) =>
  spanTree(spans).map(({ span, depth, orphan }) => `${'  '.repeat(depth)}${span.spanID}${orphan ? ' (orphan)' : ''}`);

describe('spanTree', () => {
  it('puts children below their parent, siblings by their start', () => {
    const spans = [
      spanWith({ id: 'late', parent: 'root', startTime: 30 }),
      spanWith({ id: 'leaf', parent: 'early', startTime: 20 }),
      spanWith({ id: 'root', startTime: 10 }),
      spanWith({ id: 'early', parent: 'root', startTime: 15 }),
    ];
    expect(outline(spans)).toEqual(['root', '  early', '    leaf', '  late']);
  });

  it('marks a span whose parent never came, and keeps its children', () => {
    const spans = [spanWith({ id: 'lost', parent: 'gone' }), spanWith({ id: 'child', parent: 'lost' })];
    expect(outline(spans)).toEqual(['lost (orphan)', '  child']);
  });

  it('shows spans that are their own ancestors too', () => {
    const spans = [
      spanWith({ id: 'a', parent: 'b' }),
      spanWith({ id: 'b', parent: 'a' }),
      spanWith({ id: 'c', parent: 'c' }),
    ];
    expect(outline(spans)).toEqual(['a (orphan)', '  b', 'c (orphan)']);
  });

  it('copes with a chain of thousands', () => {
    const chain = Array.from({ length: 5_000 }, (_, index) =>
      spanWith({ id: `${index}`, parent: index ? `${index - 1}` : undefined }),
    );
    expect(spanTree(chain).at(-1)?.depth).toBe(4_999);
  });

  it('has every span exactly once, each below its parent, whatever the senders claim', () => {
    const id = fc.integer({ min: 0, max: 12 }).map(String);
    const claimed = fc.uniqueArray(
      fc.record({ id, parent: fc.option(id, { nil: undefined }), startTime: fc.nat(50) }),
      {
        selector: (span) => span.id,
      },
    );
    fc.assert(
      fc.property(claimed, (list) => {
        const rows = spanTree(list.map(spanWith));
        expect(rows.map(({ span }) => span.spanID).sort()).toEqual(list.map((span) => span.id).sort());
        rows.forEach(({ span, depth, orphan }, index) => {
          if (depth === 0) expect(orphan).toBe(parentOf(span) !== undefined);
          const above = rows.slice(0, index).findLast((row) => row.depth === depth - 1);
          if (depth > 0) expect(above?.span.spanID).toBe(parentOf(span));
        });
      }),
    );
  });
});
