import { percent, plural, showDuration, showTime } from './display.js';
import { type Html, html } from './html.js';
import { parentOf } from './jaeger-model.js';
import { page, serviceColours } from './page.js';
import { spanDetails } from './span-details.js';
import { kindOf, shortName, spanNotes } from './span-notes.js';
import type { Row } from './span-tree.js';
import type { TraceSummary } from './trace-summary.js';

/** A page of more rows is slow to lay out and nobody reads it; the JSON has them all. */
const MAX_ROWS = 1_000;
/** Pixels per level, and the level from which rows stay where they are, so that names keep some room. */
const INDENT = 14;
const MAX_INDENTED = 16;

/** One trace as a waterfall. Each row opens to the span's attributes and events; no script is needed for it. */
export function tracePage(trace: TraceSummary): string {
  const { root, services } = trace;
  const colour = serviceColours();
  const title = `${root.process.serviceName}: ${root.operationName}`;
  return page(
    title,
    html`<h1>${title}</h1>
      ${facts(trace)}
      <ul class="legend" aria-label="Services">
        ${[...services].map(
          ([name, spans]) => html`<li class="service ${colour(name)}"><i></i>${name} <small>${spans}</small></li>`,
        )}
      </ul>
      ${axis(trace.duration)}
      <ol class="waterfall">
        ${trace.rows.slice(0, MAX_ROWS).map((row) => waterfallRow(row, trace, colour))}
      </ol>
      ${
        trace.rows.length > MAX_ROWS &&
        html`<p class="empty">
          ${plural(trace.rows.length - MAX_ROWS, 'more span')} in <a href="${jsonOf(trace)}">the JSON</a>.
        </p>`
      }`,
  );
}

const jsonOf = ({ traceID }: TraceSummary): string => `/api/traces/${traceID}`;

function facts(trace: TraceSummary): Html {
  const fact = (name: string, value: Html | string | number) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="facts">
    ${fact('Started', showTime(trace.start))} ${fact('Duration', showDuration(trace.duration))}
    ${fact('Services', trace.services.size)} ${fact('Spans', trace.rows.length)} ${fact('Depth', trace.depth)}
    ${trace.failed > 0 && fact('Errors', html`<span class="badge failed">${trace.failed}</span>`)}
    ${trace.orphans > 0 && fact('Orphans', html`<span class="badge orphan">${trace.orphans}</span>`)}
    ${trace.dropped > 0 && fact('Dropped', plural(trace.dropped, 'span'))}
    ${fact('Trace ID', html`<code>${trace.traceID}</code> <a href="${jsonOf(trace)}">JSON</a>`)}
  </dl>`;
}

function axis(duration: number): Html {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => html`<span>${showDuration(Math.round(duration * share))}</span>`,
  );
  return html`<div class="axis" aria-hidden="true"><div class="ticks">${ticks}</div></div>`;
}

function waterfallRow(row: Row, trace: TraceSummary, colour: (service: string) => string): Html {
  const { span, depth, orphan } = row;
  const { serviceName } = span.process;
  return html`<li>
    <details class="${colour(serviceName)}">
      <summary>
        <span class="name">
          <svg class="indent" width="${Math.min(depth, MAX_INDENTED) * INDENT}" height="1" aria-hidden="true"></svg>
          <span class="hidden">level ${depth + 1}</span>
          <i></i><b>${serviceName}</b>
          <span class="operation" title="${span.operationName}">${shortName(span.operationName)}</span>
          ${spanNotes(span)}
          ${
            orphan &&
            html`<span class="badge orphan" title="Its parent ${parentOf(span)} is not in this trace">orphan</span>`
          }
        </span>
        <svg class="bar ${kindOf(span)}" aria-hidden="true">
          <rect
            x="${percent(span.startTime - trace.start, trace.duration)}"
            width="${percent(span.duration, trace.duration)}"
            y="25%"
            height="50%"
            rx="3"
          />
        </svg>
        <span class="number">${showDuration(span.duration)}</span>
      </summary>
      ${spanDetails(span, trace.start)}
    </details>
  </li>`;
}
