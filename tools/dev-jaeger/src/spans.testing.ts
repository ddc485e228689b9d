import type { Span } from './jaeger-model.js';

/** A span for a spec; `parent` and ids may be any text, `start` and `duration` are microseconds. */
export function spanWith(
  fields: { trace?: string; id?: string; parent?: string; service?: string; failed?: boolean } & Partial<Span>,
): Span {
  const { trace = 'a'.repeat(32), id = 'b'.repeat(16), parent, service = 'blog', failed = false, ...given } = fields;
  return {
    traceID: trace,
    spanID: id,
    operationName: 'GetPost',
    references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: trace, spanID: parent }],
    startTime: 1_000_000,
    duration: 1_000,
    tags: failed ? [{ key: 'error', type: 'bool', value: true }] : [],
    logs: [],
    process: { serviceName: service, tags: [] },
    ...given,
  };
}
