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
    readonly errors: readonly { readonly code?: number; readonly msg: string; readonly traceID?: string }[] | null;
  };
}

/** Jaeger's JSON for a path below `/api/`. Undefined when it has no such path. */
export function answerApi(url: URL, store: TraceStore, now: number): ApiAnswer | undefined {
  const [section, name, detail, ...more] = url.pathname.slice('/api/'.length).split('/').map(decoded);
  if (section === 'services' && name === undefined) return list(store.services());
  if (section === 'services' && name && detail === 'operations' && more.length === 0)
    return list(store.operations(name));
  if (section === 'operations' && name === undefined) return operations(url.searchParams, store);
  if (section === 'traces' && name === undefined) {
    const ids = url.searchParams.getAll('traceID');
    return ids.length > 0 ? several(ids, store) : search(url.searchParams, store, now);
  }
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

function operations(parameters: URLSearchParams, store: TraceStore): ApiAnswer {
  const service = parameters.get('service');
  if (!service) return failure(400, `parameter 'service' is required`);
  const found = store.operationsByKind(service, parameters.get('spanKind') || undefined);
  return answer(found, found.length);
}

/** Those that are there, in the order of the ids; of each that is not, an error without a code, as Jaeger says it. */
function several(ids: readonly string[], store: TraceStore): ApiAnswer {
  const wanted = ids.map((id) => ({ id, traceID: normalizeTraceId(id) }));
  const malformed = wanted.find(({ traceID }) => traceID === undefined);
  if (malformed) return failure(400, `cannot parse traceID param: ${malformed.id.slice(0, 64)} is not hex`);
  const traces = wanted.map(({ traceID = '' }) => ({ traceID, trace: store.get(traceID) }));
  const missing = traces.filter(({ trace }) => trace === undefined);
  const { status, body } = answer(traces.flatMap(({ trace }) => (trace ? [traceBody(trace)] : [])));
  const errors = missing.map(({ traceID }) => ({ msg: 'trace not found', traceID: shownId(traceID) }));
  return { status, body: { ...body, errors: errors.length > 0 ? errors : null } };
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

/** Of an id whose first half is zero, as old tracers make them, Jaeger shows the second. */
const shownId = (traceID: string): string => traceID.replace(/^0{16}/, '');

/** One trace in Jaeger's shape: processes apart from the spans, which name them. */
function traceBody(trace: Trace): object {
  const processes = new Map<string, { id: string; process: Process }>();
  const idOf = (process: Process): string => {
    const key = JSON.stringify(process);
    const known = processes.get(key) ?? { id: `p${processes.size + 1}`, process };
    processes.set(key, known);
    return known.id;
  };
  const spans = trace.spans.map(({ process, traceID, references, ...span }: Span) => ({
    ...span,
    traceID: shownId(traceID),
    references: references.map((reference) => ({ ...reference, traceID: shownId(reference.traceID) })),
    processID: idOf(process),
    warnings: null,
  }));
  return {
    traceID: shownId(trace.traceID),
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
