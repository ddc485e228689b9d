import { percent, plural, showDuration, showTime } from './display.js';
import { type Html, html } from './html.js';
import { page, serviceColours } from './page.js';
import { BadQuery, findTraces, parseTraceQuery } from './trace-query.js';
import type { TraceStore } from './trace-store.js';
import { type TraceSummary, summarize } from './trace-summary.js';

const DEFAULT_ROWS = '20';

/** The list of recent traces and the form that narrows it. `otlpUrl` is shown while nothing has arrived. */
export function searchPage(parameters: URLSearchParams, store: TraceStore, now: number, otlpUrl: string): string {
  const shown = new URLSearchParams(parameters);
  if (!shown.get('limit')) shown.set('limit', DEFAULT_ROWS);
  return page(
    'Traces',
    html`<h1>Recent traces</h1>
      ${form(shown, store)} ${results(shown, store, now, otlpUrl)}`,
  );
}

function form(parameters: URLSearchParams, store: TraceStore): Html {
  const value = (name: string) => parameters.get(name) ?? '';
  const service = value('service');
  const text = (name: string, label: string, hint: string) =>
    html`<p>
      <label for="${name}">${label}</label>
      <input id="${name}" name="${name}" value="${value(name)}" placeholder="${hint}" list="${name}-list" />
    </p>`;
  const onlyFailed = parameters.getAll('tag').includes('error:true');
  return html`<form class="search" action="/">
    <p>
      <label for="service">Service</label>
      <select id="service" name="service">
        <option value="">all services</option>
        ${store.services().map((name) => html`<option ${name === service && html`selected`}>${name}</option>`)}
      </select>
    </p>
    ${text('operation', 'Operation', 'any')}
    <datalist id="operation-list">
      ${store.operations(service).map((name) => html`<option value="${name}"></option>`)}
    </datalist>
    ${text('tags', 'Attributes', '{"http.route":"/v1/posts"}')} ${text('minDuration', 'At least', '100ms')}
    ${text('limit', 'Show', DEFAULT_ROWS)}
    <p class="check">
      <input id="failed" type="checkbox" name="tag" value="error:true" ${onlyFailed && html`checked`} />
      <label for="failed">with errors only</label>
    </p>
    <button>Find traces</button>
  </form>`;
}

function results(parameters: URLSearchParams, store: TraceStore, now: number, otlpUrl: string): Html {
  if (store.size.traces === 0) {
    return html`<p class="empty">No trace has arrived yet. Spans are taken at <code>${otlpUrl}/v1/traces</code>.</p>`;
  }
  try {
    const found = findTraces(store.newestFirst(), parseTraceQuery(parameters, now)).flatMap(
      (one) => summarize(one) ?? [],
    );
    return found.length === 0 ? html`<p class="empty">No trace is like that.</p>` : table(found, store.size.traces);
  } catch (error) {
    if (error instanceof BadQuery) return html`<p class="empty" role="alert">${error.message}</p>`;
    throw error;
  }
}

function table(found: readonly TraceSummary[], kept: number): Html {
  const longest = Math.max(...found.map(({ duration }) => duration));
  const colour = serviceColours();
  return html`<table class="traces">
    <caption>
      ${found.length} of ${plural(kept, 'trace')}, the latest first
    </caption>
    <thead>
      <tr>
        <th scope="col">Trace</th>
        <th scope="col">Started</th>
        <th scope="col">Services</th>
        <th scope="col" class="number">Spans</th>
        <th scope="col">Duration</th>
      </tr>
    </thead>
    <tbody>
      ${found.map((trace) => row(trace, longest, colour))}
    </tbody>
  </table>`;
}

function row(trace: TraceSummary, longest: number, colour: (service: string) => string): Html {
  return html`<tr>
    <th scope="row">
      <a href="/trace/${trace.traceID}">${trace.root.process.serviceName}: ${trace.root.operationName}</a>
      <span class="id">${trace.traceID.slice(0, 8)}</span>
      ${trace.failed > 0 && html`<span class="badge failed">${plural(trace.failed, 'error')}</span>`}
      ${trace.orphans > 0 && html`<span class="badge orphan">${plural(trace.orphans, 'orphan')}</span>`}
    </th>
    <td class="time">${showTime(trace.start)}</td>
    <td>
      ${[...trace.services].map(
        ([name, spans]) => html`<span class="service ${colour(name)}"><i></i>${name} <small>${spans}</small></span> `,
      )}
    </td>
    <td class="number">${trace.rows.length}</td>
    <td>
      <div class="duration">
        <svg class="bar" aria-hidden="true">
          <rect width="${percent(trace.duration, longest)}" height="100%" rx="3" />
        </svg>
        <span>${showDuration(trace.duration)}</span>
      </div>
    </td>
  </tr>`;
}
