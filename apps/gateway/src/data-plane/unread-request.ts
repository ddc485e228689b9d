import { attribute, durationHistogram, knownHttpMethod, metricName } from '@trellis/telemetry';
import type { Gateway } from './gateway.js';

/** What was refused before there was a request to speak of. */
export interface UnreadRequest {
  readonly status: number;
  /** Fixed words: never what the client has sent. */
  readonly reason: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Of the connection: whatever the client says of others was not read. */
  readonly clientAddress: string;
  /** Bytes of the answer's body. */
  readonly sentBytes: number;
}

/** Logs and counts what could not be read, where the policies do so with what no route takes. */
export function tellOfUnread({ routing, accessLog }: Gateway): (unread: UnreadRequest) => void {
  const inForce = (name: string): boolean =>
    routing.table.noRoute.pipeline.policies.some((policy) => policy.name === name);
  return ({ status, reason, requestId, traceId, clientAddress, sentBytes }) => {
    if (inForce('metrics')) {
      const durations = durationHistogram(metricName.httpServerDuration, 'Requests with their answers');
      const labels = {
        [attribute.httpMethod]: knownHttpMethod(''),
        [attribute.httpStatus]: status,
        [attribute.urlScheme]: 'http',
      };
      durations.series(labels).record(0); // nobody knows when it began
    }
    if (!inForce('accessLog') || !accessLog.enabled) return;
    const ids = `"request_id":"${requestId}","trace_id":"${traceId}"`;
    const error = `"error":"INVALID_ARGUMENT","reason":"${reason}"`;
    accessLog.write(`"status":${status},"bytes":${sentBytes},"client":"${clientAddress}",${ids},${error}`);
  };
}
