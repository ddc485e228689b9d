import type { ExpectedSpan } from './expected-span.js';
import { RESOURCE } from './expected-span.js';
import type { Span, Trace } from './jaeger.js';
import type { TraceContract } from './trace-contract.js';
import { type TraceNode, drawTree, traceTree, walk } from './trace-tree.js';

/**
 * What is wrong with a trace by its contract, walking from parent to child; empty when it keeps it. Each expected span must be
 * there below its parent, with its kind, attributes and links. More spans may be there (statements, other attempts), but none
 * that leads from one service to another along an edge that is not declared.
 */
export function brokenEdges(contract: TraceContract, trace: Trace): string[] {
  const { roots, orphans } = traceTree(trace);
  return [
    ...(roots.length === 1 ? [] : [`expected one root, there are ${roots.length}: ${namesOf(roots)}`]),
    ...orphans.map((span) => `${describe(nodeOf(span, trace))} has a parent that is not there`),
    ...missingBelow('the root', roots, [contract.root]),
    ...undeclared(contract.root, roots),
    ...silentProcesses(trace),
  ];
}

/** The same as one text, with the tree as it is; undefined when all is well. */
export function traceReport(contract: TraceContract, trace: Trace): string | undefined {
  const problems = brokenEdges(contract, trace);
  if (problems.length === 0) return undefined;
  const lines = [`Trace ${trace.traceID} does not keep ${contract.name} (${contract.story}):`];
  return [...lines, ...problems.map((one) => `- ${one}`), 'There is:', ...drawTree(traceTree(trace).roots)].join('\n');
}

/** Those of the expected spans that none of the nodes is; what is found is looked at further down. */
function missingBelow(parent: string, nodes: readonly TraceNode[], expected: readonly ExpectedSpan[]): string[] {
  const free = new Set(nodes);
  return expected.flatMap((one) => {
    // Of several that could be it, such as attempts, the one that fits best.
    const [best] = [...free]
      .filter((node) => isNamed(node, one))
      .map((node) => ({
        node,
        problems: [...mismatches(node, one), ...missingBelow(describe(node), node.children, one.children)],
      }))
      .sort((a, b) => a.problems.length - b.problems.length);
    if (!best) return [`below ${parent}: expected ${inWords(one)}, there is ${namesOf(nodes)}`];
    free.delete(best.node);
    return best.problems;
  });
}

const isNamed = (node: TraceNode, { service, kind, name }: ExpectedSpan): boolean =>
  node.service === service && node.span.operationName === name && tagOf(node.span, 'span.kind') === kind;

function mismatches(node: TraceNode, { attributes, links }: ExpectedSpan): string[] {
  const wrong = Object.entries(attributes).flatMap(([key, value]) => {
    const actual = tagOf(node.span, key);
    if (value === true ? actual !== undefined && actual !== '' : actual === value) return [];
    const wanted = value === true ? 'something' : JSON.stringify(value);
    return [`${describe(node)}: expected ${key} to be ${wanted}, it is ${JSON.stringify(actual) ?? 'not there'}`];
  });
  const linked = node.span.references.filter(({ refType }) => refType === 'FOLLOWS_FROM').length;
  if (linked < links) wrong.push(`${describe(node)}: expected ${links} links, there are ${linked}`);
  return wrong;
}

/** From service to service: what is there and stands in no contract. */
function undeclared(root: ExpectedSpan, roots: readonly TraceNode[]): string[] {
  const declared = new Set(expectedEdges(root));
  const there = walk(roots).flatMap((path) => {
    const [parent, child] = path.slice(-2);
    return parent && child && parent.service !== child.service ? [`${parent.service} → ${child.service}`] : [];
  });
  return [...new Set(there)].filter((edge) => !declared.has(edge)).map((edge) => `${edge} is there and not declared`);
}

const expectedEdges = ({ service, children }: ExpectedSpan): string[] =>
  children.flatMap((child) => [
    ...(child.service === service ? [] : [`${service} → ${child.service}`]),
    ...expectedEdges(child),
  ]);

function silentProcesses({ processes }: Trace): string[] {
  return Object.values(processes).flatMap(({ serviceName, tags }) =>
    RESOURCE.filter((key) => !tags.some((tag) => tag.key === key)).map(
      (key) => `${serviceName} does not tell its ${key}`,
    ),
  );
}

const tagOf = ({ tags }: Span, key: string): unknown => tags.find((tag) => tag.key === key)?.value;
const inWords = ({ service, kind, name }: ExpectedSpan): string => `${service} · ${kind} ${name}`;
const nodeOf = (span: Span, { processes }: Trace): TraceNode => ({
  span,
  service: processes[span.processID]?.serviceName ?? '?',
  children: [],
});
const describe = ({ span, service }: TraceNode): string =>
  `${service} · ${String(tagOf(span, 'span.kind') ?? 'internal')} ${span.operationName}`;
const namesOf = (nodes: readonly TraceNode[]): string =>
  nodes.length === 0 ? 'nothing' : nodes.map(describe).join(', ');
