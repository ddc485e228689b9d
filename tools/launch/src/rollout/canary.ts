import { attribute } from '@trellis/telemetry';

/** How many calls an instance has answered since it started, and how many of them with a fault of its own. */
export interface Answered {
  readonly calls: number;
  readonly faults: number;
}

/** Fewer faults may be anybody's: one caller that repeats a bad request three times. */
const MIN_FAULTS = 3;
/** Share of faults that no instance is stopped for. */
const TOLERATED = 0.05;
/** An instance whose share is so many times the other's is worse, and not only unlucky or surrounded by an outage. */
const TIMES = 2;

/** Why the new instance is not to stay, judged beside one that has answered the same callers meanwhile; undefined: it may. */
export function problemOf(fresh: Answered, other: Answered): string | undefined {
  const [share, usual] = [faultShare(fresh), faultShare(other)];
  if (fresh.faults < MIN_FAULTS || share <= TOLERATED || share <= TIMES * usual) return undefined;
  return `${fresh.faults} of its ${fresh.calls} answers were faults, against ${other.faults} of ${other.calls} of the old one`;
}

const faultShare = ({ calls, faults }: Answered): number => (calls === 0 ? 0 : faults / calls);

export const since = (before: Answered, now: Answered): Answered => ({
  calls: now.calls - before.calls,
  faults: now.faults - before.faults,
});

/** Codes by which a gRPC server says that it failed. https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const FAULTS: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** The series that count answers: of a service by the code, of the gateway by the status. */
const COUNTED = /^(?:rpc_server_call_duration|http_server_request_duration)(?:_seconds)?_count\{(.*)\} (\d+)/;

/** The labels that hold them, as Prometheus writes the attributes. */
const STATUS = new RegExp(
  `\\b(?:${[attribute.rpcStatus, attribute.httpStatus].map((key) => key.replaceAll('.', '_')).join('|')})="([^"]*)"`,
);

/** Counts what an instance says on `/metrics`, in Prometheus's text format. */
export function answered(metrics: string): Answered {
  let [calls, faults] = [0, 0];
  for (const line of metrics.split('\n')) {
    const [, labels = '', value = '0'] = COUNTED.exec(line) ?? [];
    const code = STATUS.exec(labels)?.[1] ?? '';
    calls += Number(value);
    if (FAULTS.has(code) || code.startsWith('5')) faults += Number(value);
  }
  return { calls, faults };
}
