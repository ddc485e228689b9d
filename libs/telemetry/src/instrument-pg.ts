import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

/**
 * One span per SQL statement within a request or an event. Statements outside of any span (an idle relay's polling, health
 * checks) make none, and neither does taking a connection from the pool, which would double the rows of each trace.
 */
export function instrumentPg(): void {
  registerInstrumentations({
    instrumentations: [new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true })],
  });
}
