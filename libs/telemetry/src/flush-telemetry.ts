import { runningTelemetry } from './running.js';

/** Longer would hold up a process that should leave; spans still queued after it are lost. */
const FLUSH_WITHIN_MS = 2_000;

/** Sends the spans that still wait, at shutdown. Never fails and always ends: a receiver that is gone holds nobody up. */
export async function flushTelemetry(): Promise<void> {
  await runningTelemetry()
    ?.tracing.forceFlush({ timeoutMillis: FLUSH_WITHIN_MS })
    .catch(() => undefined);
}
