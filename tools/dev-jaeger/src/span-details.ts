import { showDuration } from './display.js';
import { type Html, html } from './html.js';
import type { Span, Tag } from './jaeger-model.js';

/** What a waterfall's row opens to. `traceStart` in microseconds since 1970. */
export function spanDetails(span: Span, traceStart: number): Html {
  const links = span.references.filter(({ refType }) => refType === 'FOLLOWS_FROM');
  return html`<div class="details">
    <p>
      span <code>${span.spanID}</code>, from ${showDuration(span.startTime - traceStart)} on, for
      ${showDuration(span.duration)}
    </p>
    ${tagTable('Attributes', span.tags)}
    ${span.logs.map(({ timestamp, fields }) =>
      tagTable(`Event at ${showDuration(Math.max(0, timestamp - traceStart))}`, fields),
    )}
    ${
      links.length > 0 &&
      html`<h3>Links</h3>
        <ul>
          ${links.map(
            ({ traceID, spanID }) =>
              html`<li>
                <a href="/trace/${traceID}"><code>${traceID}</code></a> span <code>${spanID}</code>
              </li>`,
          )}
        </ul>`
    }
    ${tagTable('Process', span.process.tags)}
  </div>`;
}

function tagTable(caption: string, tags: readonly Tag[]): Html {
  if (tags.length === 0) return html``;
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${tags.map(
        ({ key, value }) =>
          html`<tr>
            <th scope="row">${key}</th>
            <td><pre>${String(value)}</pre></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
