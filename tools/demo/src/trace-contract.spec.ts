import { describe, expect, it } from '@jest/globals';
import type { ExpectedSpan } from './expected-span.js';
import type { Trace } from './jaeger.js';
import { readTraceContract, traceContracts } from './read-trace-contract.js';
import { brokenEdges, traceReport } from './trace-check.js';
import { parseTraceContract } from './trace-contract.js';

type Span = Trace['spans'][number];

/** A trace that keeps the contract, by the contract. */
function kept(root: ExpectedSpan): Trace {
  const spans: Span[] = [];
  const processes: Trace['processes'] = {};
  const add = ({ service, kind, name, attributes, children }: ExpectedSpan, parent?: string): void => {
    const spanID = `s${spans.length}`;
    const value = (expected: unknown): unknown => (expected === true ? 'any' : expected);
    const tags = Object.entries(attributes).map(([key, expected]) => ({ key, value: value(expected) }));
    processes[service] = {
      serviceName: service,
      tags: ['service.version', 'service.instance.id'].map((key) => ({ key, value: 'x' })),
    };
    spans.push({
      ...{ traceID: 't', spanID, operationName: name, processID: service, startTime: spans.length, duration: 1 },
      references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: 't', spanID: parent }],
      tags: [...tags, { key: 'span.kind', value: kind }],
    });
    for (const child of children) add(child, spanID);
  };
  add(root);
  return { traceID: 't', spans, processes };
}

const contract = readTraceContract('create-post');
const named = (trace: Trace, name: string): Span => {
  const found = trace.spans.find(({ operationName }) => operationName === name);
  if (!found) throw new Error(`no span ${name}`);
  return found;
};
/** The trace with something done to it. */
function after(change: (trace: Trace) => void): string[] {
  const trace = kept(contract.root);
  change(trace);
  return brokenEdges(contract, trace);
}

describe('the trace contracts', () => {
  it.each(traceContracts())('%s can be read, and a trace by it keeps it', (name) => {
    const one = readTraceContract(name);
    expect(brokenEdges(one, kept(one.root))).toEqual([]);
  });

  it('take routes, services and ends from the contracts', () => {
    const [call] = contract.root.children;
    expect([contract.root.name, call?.service, call?.children[0]?.service]).toEqual([
      'POST /v1/posts',
      'gateway',
      'blog',
    ]);
  });

  it.each([
    ['story: x\nrest: trellis.blog.v1.BlogService/Nothing', 'x.yaml:2 rest: no method of a contract'],
    ['story: x', 'x.yaml has either rest or http'],
    [
      'story: x\nrest: trellis.blog.v1.BlogService/GetPost\nthen:\n  - sql: A\n    event: b\n',
      'x.yaml:4 then.0: is exactly one',
    ],
    ['story: x\nrest: trellis.blog.v1.BlogService/GetPost\nthen:\n  - sq: A\n', 'x.yaml:4 then.0'],
  ])('%j is refused with line and reason', (text, problem) => {
    expect(() => parseTraceContract(text, 'x.yaml')).toThrow(problem);
  });
});

describe('a trace that breaks its contract', () => {
  it('lacks a span: what was expected, below what, and what is there instead', () => {
    expect(
      after(({ spans }) =>
        spans.splice(
          spans.findIndex((s) => s.operationName === 'INSERT outbox'),
          1,
        ),
      ),
    ).toEqual([
      'below blog · server trellis.blog.v1.BlogService/CreatePost: expected blog · client INSERT outbox, there is ' +
        'blog · client BEGIN, blog · client INSERT posts, blog · client COMMIT, blog · producer send trellis.blog.v1',
    ]);
  });

  it('hangs a span below another parent', () => {
    const problems = after((trace) => {
      named(trace, 'process trellis.blog.v1').references[0]!.spanID = named(trace, 'POST /v1/posts').spanID;
    });
    expect(problems).toEqual([
      'below blog · producer send trellis.blog.v1: expected user · consumer process trellis.blog.v1, there is nothing',
      'gateway → user is there and not declared',
    ]);
  });

  it('begins anew in between: an orphan and a second root', () => {
    const problems = after((trace) => {
      named(trace, 'send trellis.blog.v1').references[0]!.spanID = 'gone';
    });
    expect(problems).toContain('blog · producer send trellis.blog.v1 has a parent that is not there');
    expect(problems[0]).toMatch(/^expected one root, there are 2/);
  });

  it('has an attribute of another value, or none', () => {
    const problems = after((trace) => {
      const { tags } = named(trace, 'INSERT posts');
      tags.splice(
        tags.findIndex(({ key }) => key === 'db.query.text'),
        1,
      );
      tags.find(({ key }) => key === 'db.system.name')!.value = 'mysql';
    });
    expect(problems).toEqual([
      'blog · client INSERT posts: expected db.system.name to be "postgresql", it is "mysql"',
      'blog · client INSERT posts: expected db.query.text to be something, it is not there',
    ]);
  });

  it('has another kind of span, too few links, or a process that tells nothing of itself', () => {
    expect(after((trace) => (named(trace, 'INSERT posts').tags.at(-1)!.value = 'internal'))[0]).toContain(
      'expected blog · client INSERT posts',
    );
    const linked = { ...contract, root: { ...contract.root, links: 1 } };
    expect(brokenEdges(linked, kept(linked.root))).toEqual([
      'gateway · server POST /v1/posts: expected 1 links, there are 0',
    ]);
    expect(after(({ processes }) => processes['user']?.tags.pop())).toEqual([
      'user does not tell its service.instance.id',
    ]);
  });

  it('is drawn below what is wrong with it', () => {
    const trace = kept(contract.root);
    trace.spans.pop();
    expect(traceReport(contract, trace)?.split('\n').slice(0, 4)).toEqual([
      expect.stringMatching(/^Trace t does not keep libs\/contracts\/traces\/create-post.yaml \(A post is written/),
      expect.stringMatching(/^- below user · consumer process trellis.blog.v1: expected user · client COMMIT/),
      'There is:',
      '└─ gateway · POST /v1/posts 0.0 ms',
    ]);
  });

  it('may have more attempts than the one that is answered', () => {
    const problems = after(({ spans }) => {
      const attempt = spans.find(({ spanID }) => spanID === 's1')!;
      spans.push({ ...attempt, spanID: 'failed', startTime: 0, tags: [{ key: 'span.kind', value: 'client' }] });
    });
    expect(problems).toEqual([]);
  });
});
