import type { Metadata } from '@grpc/grpc-js';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { isOutage } from '@trellis/database';
import { Code, ServiceError, codeName, unavailable } from '@trellis/errors';
import {
  type Logger,
  type Series,
  attribute,
  contextFrom,
  durationHistogram,
  inSpan,
  metricName,
  spanName,
} from '@trellis/telemetry';

/** Codes that mean that the server failed, not that it refused. https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const FAULTS: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);

/** Runs a call in its span, a child of the caller's, counts it and logs how it ended. Rejects with a ServiceError only. */
export type ServerSpan = <T>(path: string, metadata: Metadata, run: () => Promise<T>) => Promise<T>;

export function serverSpan(logger: Logger): ServerSpan {
  const durations = durationHistogram(metricName.rpcServerDuration, 'Calls with their answers');
  const known = new Map<string, Series>();
  /** Looked up once for each method and status. */
  function seriesOf(method: string, status: string): Series {
    const key = `${method} ${status}`;
    let series = known.get(key);
    if (!series) {
      series = durations.series({
        [attribute.rpcSystem]: 'grpc',
        [attribute.rpcMethod]: method,
        [attribute.rpcStatus]: status,
      });
      known.set(key, series);
    }
    return series;
  }

  return async <T>(path: string, metadata: Metadata, run: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const method = spanName.rpc(path);
    const options = {
      kind: SpanKind.SERVER,
      attributes: { [attribute.rpcSystem]: 'grpc', [attribute.rpcMethod]: method },
      parent: contextFrom(traceHeadersOf(metadata)),
    };
    const outcome = await inSpan(method, options, async (span) => {
      const result = await settle(run);
      const status = 'error' in result ? codeName(result.error.code) : 'OK';
      span.setAttribute(attribute.rpcStatus, status);
      if ('error' in result && FAULTS.has(result.error.code)) {
        span.setAttribute(attribute.errorType, status);
        span.setStatus({ code: SpanStatusCode.ERROR, message: result.error.message });
      }
      const traceId = span.isRecording() ? span.spanContext().traceId : undefined;
      seriesOf(method, status).record((performance.now() - started) / 1000, traceId);
      if ('error' in result) logRefusal(logger, method, result.error);
      else logger.debug({ method, status }, 'answered');
      return result;
    });
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
}

/** What nobody expected is an error with its whole cause; a refusal is an ordinary answer. */
export function logRefusal(logger: Logger, method: string, error: ServiceError): void {
  const status = codeName(error.code);
  if (error.code === Code.INTERNAL || error.code === Code.UNKNOWN || error.code === Code.DATA_LOSS) {
    logger.error({ method, status, err: error.cause ?? error }, 'failed');
  } else if (FAULTS.has(error.code)) {
    logger.warn({ method, status, reason: error.reason, err: error.cause }, error.message);
  } else {
    logger.debug({ method, status, reason: error.reason }, error.message);
  }
}

async function settle<T>(run: () => Promise<T>): Promise<{ value: T } | { error: ServiceError }> {
  try {
    return { value: await run() };
  } catch (error) {
    return { error: isOutage(error) ? databaseAway(error) : ServiceError.from(error) };
  }
}

const databaseAway = (cause: unknown): ServiceError =>
  unavailable('The service cannot reach its database', { reason: 'DATABASE_UNREACHABLE', cause });

function traceHeadersOf(metadata: Metadata): { traceparent?: string; tracestate?: string } {
  const [traceparent] = metadata.get('traceparent');
  const [tracestate] = metadata.get('tracestate');
  return {
    ...(traceparent !== undefined && { traceparent: traceparent.toString() }),
    ...(tracestate !== undefined && { tracestate: tracestate.toString() }),
  };
}
