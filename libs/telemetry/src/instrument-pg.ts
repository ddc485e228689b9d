import type { Span } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { ATTR_DB_QUERY_TEXT } from '@opentelemetry/semantic-conventions';
import { attribute } from './names.js';
import { querySummary, withoutLiterals } from './query-summary.js';

/**
 * One span per SQL statement within a request or an event. Statements outside of any span (an idle relay's polling, health
 * checks) make none, and neither does taking a connection from the pool, which would double the rows of each trace.
 */
export function instrumentPg(): void {
  registerInstrumentations({
    instrumentations: [
      new PgInstrumentation({
        requireParentSpan: true,
        ignoreConnectSpans: true,
        requestHook: (span, { query }) => describeQuery(span, query),
      }),
    ],
  });
}

/**
 * Names the span as the conventions want it, after what the statement does, not after the database. Its text is shown, its
 * values never are.
 */
export function describeQuery(span: Span, { text, values }: { text: string; values?: readonly unknown[] }): void {
  if (!span.isRecording()) return;
  const summary = querySummary(text);
  span.updateName(summary);
  span.setAttribute(attribute.dbSummary, summary);
  if (!values || values.length === 0) span.setAttribute(ATTR_DB_QUERY_TEXT, withoutLiterals(text));
}
