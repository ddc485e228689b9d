import type { AccessLog, Logger } from '@trellis/telemetry';
import type { ActiveRequests } from './active-requests.js';
import type { Routing } from './routing/routing.js';

/** What the request path works with. */
export interface Gateway {
  readonly routing: Pick<Routing, 'table' | 'edge' | 'complete' | 'learnt'>;
  readonly logger: Logger;
  readonly accessLog: AccessLog;
  readonly active: ActiveRequests;
  /** Share of the requests whose trace is recorded, from 0 to 1. */
  readonly sampleRatio: number;
}
