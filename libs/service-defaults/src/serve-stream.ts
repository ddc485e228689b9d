import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { methodPolicy } from '@trellis/contracts';
import { ServiceError, unavailable } from '@trellis/errors';
import { runInCall } from '@trellis/rpc';
import { type TokenVerifier, authorize } from '@trellis/security';
import { type Logger, spanName } from '@trellis/telemetry';
import { authenticate } from './authenticate.js';
import type { StreamCall } from './call.js';
import { grpcPath } from './grpc-method.js';
import { grpcStatus } from './grpc-status.js';
import { logRefusal } from './server-span.js';
import { isTooLate, tooLate } from './too-late.js';
import { validate } from './validate.js';

export type Stream = ServerWritableStream<Message, object> | ServerDuplexStream<Message, object>;
export type StreamHandler = (stream: Stream, call: StreamCall) => void | Promise<void>;

export interface StreamGuards {
  readonly logger: Logger;
  readonly verifier: TokenVerifier | undefined;
  /** Aborted when the service drains. A stream may last for days, so it is ended instead of waited for. */
  readonly draining: AbortSignal;
}

/**
 * The steps of a streaming call. No span: it would reach the traces only when the stream ends, long after anybody has
 * asked. No deadline unless the caller sets one, which grpc-js keeps.
 */
export function serveStream(
  method: DescMethod,
  handler: StreamHandler,
  { logger, verifier, draining }: StreamGuards,
): (stream: Stream) => void {
  const policy = methodPolicy(method);
  const path = grpcPath(method);
  // One listener for all streams: an AbortSignal goes through its listeners whenever another one is added.
  const open = new Set<() => void>();
  draining.addEventListener('abort', () => open.forEach((drain) => drain()), { once: true });
  return (stream) => {
    const { metadata } = stream;
    const gone = new AbortController();
    const fail = (thrown: unknown): void => {
      if (gone.signal.aborted || stream.writableEnded) return;
      const error = ServiceError.from(thrown);
      logRefusal(logger, spanName.rpc(path), error);
      stream.emit('error', grpcStatus(error));
      gone.abort(error);
    };
    stream.once('cancelled', () => gone.abort());
    const drain = (): void => fail(unavailable('This instance is going away', { reason: 'DRAINING' }));
    open.add(drain);
    stream.once('close', () => open.delete(drain));
    const serve = async (): Promise<void> => {
      if (draining.aborted) return drain();
      if (isTooLate(stream)) throw tooLate();
      const caller = await authenticate(metadata, policy, verifier);
      authorize(caller, policy);
      if ('request' in stream) validate(method.input, stream.request);
      const deadline = Number(stream.getDeadline());
      const call: StreamCall = { caller, deadline, signal: gone.signal, metadata, fail };
      const context = { deadline, signal: gone.signal, ...(caller && { token: caller.token }) };
      await runInCall(context, () => handler(stream, call));
    };
    serve().catch(fail);
  };
}
