import { codeName } from '@trellis/errors';
import { attribute, spanName } from '@trellis/telemetry';
import type { UnaryCall } from '../rpc.js';
import type { Transport } from '../transport.js';
import type { Wire } from '../wire.js';

/** Unary gRPC calls over the transport. */
export function grpcWire(transport: Transport): Wire<UnaryCall, Uint8Array> {
  return {
    send: ({ path, request }, { address }, { deadline, token, signal, traceHeaders }) =>
      transport.unary({
        address,
        path,
        request,
        deadline,
        headers: token === undefined ? traceHeaders : { ...traceHeaders, authorization: `Bearer ${token}` },
        ...(signal && { signal }),
      }),
    spanName: ({ path }) => spanName.rpc(path),
    spanAttributes: ({ path }) => ({ [attribute.rpcSystem]: 'grpc', [attribute.rpcMethod]: path.slice(1) }),
    statusAttributes: (_, failure) => ({ [attribute.rpcStatus]: failure ? codeName(failure.error.code) : 'OK' }),
  };
}
