import { Code, codeName } from '@trellis/errors';
import { attribute, spanName } from '@trellis/telemetry';
import { slowToAnswer } from '../call-failures.js';
import type { UnaryCall } from '../rpc.js';
import { type Attempt, AttemptFailure, type Transport } from '../transport.js';
import type { Wire } from '../wire.js';

/** Unary gRPC calls over the transport. `now`: epoch milliseconds. */
export function grpcWire(transport: Transport, now: () => number): Wire<UnaryCall, Uint8Array> {
  /** An instance that is silent for too long; that it may have said so itself, in time, makes no difference. */
  async function unaryWithin(readTimeout: number, attempt: Attempt): Promise<Uint8Array> {
    const deadline = now() + readTimeout;
    if (deadline >= attempt.deadline) return transport.unary(attempt);
    return transport.unary({ ...attempt, deadline }).catch((failure: unknown) => {
      const late = failure instanceof AttemptFailure && failure.error.code === Code.DEADLINE_EXCEEDED;
      throw late && now() >= deadline ? slowToAnswer() : failure;
    });
  }

  return {
    send({ path, request, metadata }, { address }, { deadline, token, signal, traceHeaders, policy }) {
      const { connectTimeout, readTimeout } = policy;
      const headers = metadata ? { ...metadata, ...traceHeaders } : traceHeaders;
      const attempt = {
        address,
        path,
        request,
        deadline,
        connectTimeout,
        headers: token === undefined ? headers : { ...headers, authorization: `Bearer ${token}` },
        signal,
      };
      return readTimeout === undefined ? transport.unary(attempt) : unaryWithin(readTimeout, attempt);
    },
    spanName: ({ path }) => spanName.rpc(path),
    spanAttributes: ({ path }) => ({ [attribute.rpcSystem]: 'grpc', [attribute.rpcMethod]: path.slice(1) }),
    statusAttributes: (_, failure) => ({ [attribute.rpcStatus]: failure ? codeName(failure.error.code) : 'OK' }),
  };
}
