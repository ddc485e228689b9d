import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { STYLES, problemPage } from './page.js';
import { answerApi, normalizeTraceId } from './query-api.js';
import { searchPage } from './search-page.js';
import { tracePage } from './trace-page.js';
import type { TraceStore } from './trace-store.js';
import { summarize } from './trace-summary.js';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly location?: string;
}

const HTML = 'text/html; charset=utf-8';
const asset = (name: string, type: string): Answer => ({
  status: 200,
  type,
  body: readFileSync(join(import.meta.dirname, '../assets', name), 'utf8'),
});
const ASSETS: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(STYLES.map((name) => [`/assets/${name}`, asset(name, 'text/css; charset=utf-8')])),
  '/assets/icon.svg': asset('icon.svg', 'image/svg+xml'),
};

/** Nothing but our own style sheet and picture is loaded, and no script runs: span names come from anywhere. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface QueryServerOptions {
  readonly store: TraceStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where spans are taken, for the page to say. */
  readonly otlpUrl: string;
}

/** Jaeger's query API under `/api/` and the pages. Everything is read-only. */
export function queryServer(options: QueryServerOptions): RequestListener {
  return (request, response) => {
    response.setHeader('content-security-policy', POLICY);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, { status: 405, type: 'text/plain', body: 'Traces are read with GET\n' });
      return;
    }
    // The target is foreign input: only its path and query are looked at.
    const url = URL.parse(`http://jaeger${request.url ?? '/'}`);
    send(response, url ? route(url, options) : notFound('The address cannot be read.'));
  };
}

function route(url: URL, { store, now, otlpUrl }: QueryServerOptions): Answer {
  const { pathname } = url;
  if (pathname === '/' || pathname === '/search') {
    return { status: 200, type: HTML, body: searchPage(url.searchParams, store, now(), otlpUrl) };
  }
  if (pathname === '/trace') {
    const location = `/trace/${encodeURIComponent(url.searchParams.get('id') ?? '')}`;
    return { status: 303, type: HTML, body: '', location };
  }
  if (pathname.startsWith('/trace/')) return traceAnswer(pathname.slice('/trace/'.length), store);
  if (pathname.startsWith('/api/')) {
    const answer = answerApi(url, store, now());
    // What Go's http.Error says of every error, JSON or not.
    const type = answer?.status === 200 ? 'application/json' : 'text/plain; charset=utf-8';
    if (answer) return { status: answer.status, type, body: JSON.stringify(answer.body) };
  }
  return ASSETS[pathname] ?? notFound('There is no such page.');
}

function traceAnswer(id: string, store: TraceStore): Answer {
  const traceID = normalizeTraceId(id);
  const trace = traceID === undefined ? undefined : store.get(traceID);
  const summary = trace && summarize(trace);
  if (summary) return { status: 200, type: HTML, body: tracePage(summary) };
  return notFound('There is no such trace: it may not have arrived yet, or have made room for newer ones.');
}

const notFound = (message: string): Answer => ({ status: 404, type: HTML, body: problemPage('Not found', message) });

function send(response: ServerResponse, { status, type, body, location }: Answer): void {
  response.writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) });
  response.end(body); // Node leaves the body of an answer to HEAD out
}
