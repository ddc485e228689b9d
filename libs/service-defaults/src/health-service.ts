import { fromBinary } from '@bufbuild/protobuf';
import type {
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  UntypedServiceImplementation,
  sendUnaryData,
} from '@grpc/grpc-js';
import {
  Health,
  type HealthCheckRequest,
  HealthCheckResponse_ServingStatus as Status,
} from '@trellis/contracts/grpc/health/v1';
import { ServiceError, notFound, unavailable } from '@trellis/errors';
import { encode, grpcDefinition } from './grpc-definition.js';
import { grpcStatus } from './grpc-status.js';
import type { Readiness } from './readiness.js';

export interface HealthServiceOptions {
  /** Full names of the gRPC services that can be asked for beside the process as a whole (""). */
  readonly names: readonly string[];
  readonly readiness: Readiness;
  /** Aborted when the service takes no more calls: the watches end. */
  readonly draining: AbortSignal;
}

const { check, watch } = Health.method;

export const healthDefinition: ServiceDefinition = {
  [check.name]: grpcDefinition(check),
  [watch.name]: grpcDefinition(watch),
};

/**
 * `grpc.health.v1.Health` (https://github.com/grpc/grpc/blob/master/doc/health-checking.md), for the registry's probes and for
 * orchestrators. No token, no span and no limit: a probe must be answered when all else is refused. All services of a process
 * are as healthy as the process is.
 */
export function healthService({ names, readiness, draining }: HealthServiceOptions): UntypedServiceImplementation {
  const known = new Set(['', ...names]);
  const status = async (service: string): Promise<Status> => {
    if (!known.has(service)) return Status.SERVICE_UNKNOWN;
    return (await readiness.serves()) ? Status.SERVING : Status.NOT_SERVING;
  };

  const answerCheck = async (request: Uint8Array): Promise<Buffer> => {
    const { service } = fromBinary(check.input, request);
    const found = await status(service);
    if (found === Status.SERVICE_UNKNOWN) throw notFound(`No service ${service} here`);
    return encode(check.output, { status: found });
  };

  return {
    [check.name]: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void => {
      answerCheck(call.request).then(
        (answer) => reply(null, answer),
        (error: unknown) => reply(grpcStatus(ServiceError.from(error))),
      );
    },

    [watch.name]: (stream: ServerWritableStream<HealthCheckRequest, { status: Status }>): void => {
      const gone = new AbortController();
      let told: Status | undefined;
      const tell = async (): Promise<void> => {
        const found = await status(stream.request.service);
        if (found === told || gone.signal.aborted) return;
        told = found;
        stream.write({ status: found });
      };
      const follow = (): void => void tell().catch(fail);
      const fail = (error: unknown): void => {
        if (gone.signal.aborted) return;
        gone.abort();
        stream.emit('error', grpcStatus(ServiceError.from(error)));
      };
      const drain = (): void => fail(unavailable('This instance is going away', { reason: 'DRAINING' }));
      gone.signal.addEventListener('abort', readiness.follow(follow), { once: true });
      stream.once('cancelled', () => gone.abort());
      if (draining.aborted) return drain();
      draining.addEventListener('abort', drain, { once: true, signal: gone.signal });
      follow();
    },
  };
}
