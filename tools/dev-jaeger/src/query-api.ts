import type { Process, Span } from './jaeger-model.js';
import { BadQuery, findTraces, parseTraceQuery } from './trace-query.js';
import type { Trace, TraceStore } from './trace-store.js';

export interface ApiAnswer {
  readonly status: number;
  readonly body: {
    readonly data: unknown;
    readonly total: number;
    readonly limit: number;
    readonly offset: number;
    readonly errors: readonly { readonly code: number; readonly msg: string }[] | null;
  };
}

/** Jaeger's JSON for a path below `/api/`. Undefined when it has no such path. */
export function answerApi(url: URL, store: TraceStore, now: number): ApiAnswer | undefined {
  const [section, name, detail, ...more] = url.pathname.slice('/api/'.length).split('/').map(decoded);
  if (section === 'services' && name === undefined) return list(store.services());
  if (section === 'services' && name && detail === 'operations' && more.length === 0)
    return list(store.operations(name));
  if (section === 'traces' && name === undefined) return search(url.searchParams, store, now);
  if (section === 'traces' && name && detail === undefined) return one(name, store);
  return undefined;
}

function search(parameters: URLSearchParams, store: TraceStore, now: number): ApiAnswer {
  try {
    const query = parseTraceQuery(parameters, now);
    if (query.service === undefined) throw new BadQuery(`parameter 'service' is required`);
    return answer(findTraces(store.newestFirst(), query).map(traceBody));
  } catch (error) {
    if (error instanceof BadQuery) return failure(400, error.message);
    throw error;
  }
}

function one(id: string, store: TraceStore): ApiAnswer {
  const traceID = normalizeTraceId(id);
  if (traceID === undefined) return failure(400, `malformed trace ID: ${id.slice(0, 64)}`);
  const trace = store.get(traceID);
  return trace ? answer([traceBody(trace)]) : failure(404, 'trace not found');
}

/** 32 lower-case hex digits: Jaeger takes ids without their leading zeros too. */
export function normalizeTraceId(id: string): string | undefined {
  return /^[0-9a-f]{1,32}$/i.test(id) ? id.toLowerCase().padStart(32, '0') : undefined;
}

/** One trace in Jaeger's shape: processes apart from the spans, which name them. */
function traceBody(trace: Trace): object {
  const processes = new Map<string, { id: string; process: Process }>();
  const idOf = (process: Process): string => {
    const key = JSON.stringify(process);
    const known = processes.get(key) ?? { id: `p${processes.size + 1}`, process };
    processes.set(key, known);
    return known.id;
  };
  const spans = trace.spans.map(({ process, ...span }: Span) => ({
    ...span,
    flags: 1,
    processID: idOf(process),
    warnings: null,
  }));
  return {
    traceID: trace.traceID,
    spans,
    processes: Object.fromEntries([...processes.values()].map(({ id, process }) => [id, process])),
    warnings: trace.dropped === 0 ? null : [`${trace.dropped} more spans were dropped: the trace was full`],
  };
}

// An empty Go slice is null in Jaeger's JSON.
const list = (names: string[]): ApiAnswer => answer(names.length === 0 ? null : names, names.length);

function answer(data: readonly unknown[] | null, total = 0): ApiAnswer {
  return { status: 200, body: { data, total, limit: 0, offset: 0, errors: null } };
}

function failure(code: number, msg: string): ApiAnswer {
  return { status: code, body: { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] } };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray `%`: no name has it, so nothing is found
  }
}
