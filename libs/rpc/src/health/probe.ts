import { fromBinary } from '@bufbuild/protobuf';
import {
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '@trellis/contracts/grpc/health/v1';
import { Code, unavailable } from '@trellis/errors';
import type { HttpReply } from '../http/http-reply.js';
import type { HttpWire } from '../http/http-wire.js';
import type { HealthPolicy } from '../policy/call-policies.js';
import type { CallPolicy } from '../policy/call-policy.js';
import { AttemptFailure, type Transport } from '../transport.js';
import type { Probe } from './health-checks.js';

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md: an empty request asks about the server as a whole. */
const CHECK = { path: '/grpc.health.v1.Health/Check', request: new Uint8Array() };
const HEADERS = { 'user-agent': 'trellis-health-check' };

export interface ProbeTools {
  readonly http: HttpWire;
  readonly transport: Transport;
  readonly now: () => number;
}

/** The questions to a service's instances: over the protocol that each speaks, on connections made as its policy says. */
export type ProbesOf = (policy: CallPolicy, health: HealthPolicy) => Probe;

export function probes({ http, transport, now }: ProbeTools): ProbesOf {
  return (policy, { path, timeout }) =>
    async (instance, signal) => {
      const deadline = now() + timeout;
      try {
        if (instance.protocol === 'grpc') {
          const answer = await transport.unary({ ...CHECK, address: instance.address, deadline, headers: {}, signal });
          hearGrpc(answer);
        } else {
          const call = { service: instance.service, method: 'GET', path, headers: HEADERS };
          const terms = { deadline, callDeadline: deadline, token: undefined, signal, policy, traceHeaders: {} };
          hearHttp(await http.send(call, instance, terms));
        }
      } catch (error) {
        if (!isUnimplemented(error)) throw error instanceof AttemptFailure ? error.error : error;
      }
    };
}

/** Any status from 200 to 299 will do. What else the answer says is nobody's business. */
function hearHttp({ status, body }: HttpReply): void {
  body.dump();
  if (status < 200 || status > 299) throw unavailable(`The service answered ${status}`);
}

function hearGrpc(answer: Uint8Array): void {
  const { status } = fromBinary(HealthCheckResponseSchema, answer);
  if (status !== Status.SERVING) throw unavailable(`The service is ${Status[status]}`);
}

/** One that has no such gRPC service is taken: it answers, and cannot say more (gRPC proposal A17). */
const isUnimplemented = (error: unknown): boolean =>
  error instanceof AttemptFailure && error.error.code === Code.UNIMPLEMENTED;
