import type { Rpc } from '@trellis/rpc';
import type { TokenVerifier } from '@trellis/security';
import type { Logger } from '@trellis/telemetry';
import type { HttpProxy } from './http-proxy.js';
import type { RouteFollower } from './route-follower.js';

/** What the steps of the request path work with. */
export interface Gateway {
  readonly routes: Pick<RouteFollower, 'table' | 'learnt'>;
  readonly verifier: TokenVerifier;
  readonly rpc: Rpc;
  /** For `/oauth2/` and `/.well-known/`. */
  readonly auth: HttpProxy;
  readonly logger: Logger;
  readonly limits: Limits;
}

export interface Limits {
  /** From the last byte of the headers to the answer, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Bytes. */
  readonly maxBody: number;
}
