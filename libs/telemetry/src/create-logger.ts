import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger, pino } from 'pino';
import { stdoutLines } from './line-writer.js';
import { redactSecrets, redactText } from './redact-secrets.js';

export type { Logger };

export interface LoggerOptions {
  /** Which process speaks, such as "blog". */
  readonly name: string;
  /** pino's level names; "info" unless told otherwise. */
  readonly level?: string;
}

/**
 * JSON lines on stdout: `level` (name), `time` (ISO 8601), `name`, `pid`, `msg`, the given fields, and `trace_id` and
 * `span_id` of the active span. Values of secret keys are hidden, and
 * what has the form of a secret. `destination` is for tests.
 */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const logger = pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactSecrets },
      // Errors are made plain by redactSecrets; pino's own serializer would take the plain one for an error again.
      serializers: { err: (error: unknown) => error },
      mixin: traceFields,
      hooks: { streamWrite: redactText }, // messages and stacks too
    },
    // At once: the last words of a process that crashes are the ones that matter.
    destination ?? { write: (line) => stdoutLines().writeNow(line) },
  );
  redactChildren(logger);
  return logger;
}

function traceFields(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** pino passes the fields of a child past `formatters.log`, so they are cleaned before it sees them. */
function redactChildren(logger: Logger): void {
  const original: (this: Logger, bindings: Bindings, options?: ChildLoggerOptions<never>) => Logger = logger.child;
  Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions<never>): Logger {
      return original.call(this, redactSecrets(bindings), options);
    },
  });
}
