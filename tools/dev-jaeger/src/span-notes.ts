import { plural } from './display.js';
import { type Html, html } from './html.js';
import { type Span, isFailed } from './jaeger-model.js';

const text = (span: Span, key: string): string | undefined => {
  const value = span.tags.find((tag) => tag.key === key)?.value;
  return value === undefined ? undefined : String(value);
};

/** "client", "server", "producer", "consumer"; everything else is "internal". */
export const kindOf = (span: Span): string => text(span, 'span.kind') ?? 'internal';

/** A gRPC method without its package, whose beginning would take the room of what tells methods apart. */
export const shortName = (operation: string): string => operation.replace(/^(?:\w+\.)+(?=\w+\/\w+$)/, '');

/**
 * What of a span's attributes is worth a place in its row: which instance was asked, that it is not the first attempt and why
 * there is another one, that it is linked to other traces, and with what it failed.
 */
export function spanNotes(span: Span): Html {
  const instance = text(span, 'trellis.instance');
  const attempt = Number(text(span, 'trellis.attempt') ?? 1);
  const reason = text(span, 'trellis.attempt.reason');
  const fallback = text(span, 'trellis.fallback');
  const links = span.references.filter(({ refType }) => refType === 'FOLLOWS_FROM').length;
  const error = text(span, 'error.type') ?? text(span, 'rpc.status_code') ?? 'error';
  return html`${instance !== undefined && html`<span class="note">→ ${instance}</span>`}
  ${attempt > 1 && html`<span class="badge attempt" title="Makes up for ${reason ?? 'another'}">attempt ${attempt}</span>`}
  ${fallback !== undefined && html`<span class="badge attempt">fallback: ${fallback}</span>`}
  ${links > 0 && html`<span class="badge link">${plural(links, 'link')}</span>`}
  ${isFailed(span) && html`<span class="badge failed">${error}</span>`}`;
}
