import { type Client, type ClientUnaryCall, Metadata, type ServiceError as GrpcError, status } from '@grpc/grpc-js';
import { Code, DETAILS_KEY, ServiceError, decodeStatus, unavailable } from '@trellis/errors';
import { cancelled, outOfTime } from './terms.js';
import { type Attempt, AttemptFailure } from './transport.js';

/** Sends one unary call over a connected channel. Messages stay the bytes that they are. */
export function grpcCall(client: Client, attempt: Attempt): Promise<Uint8Array> {
  const { path, request, headers, deadline, signal } = attempt;
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve, reject) => {
    let answering = false;
    const call = client.makeUnaryRequest(path, asBuffer, asIs, request, metadata, { deadline }, (error, message) => {
      signal?.removeEventListener('abort', cancel);
      if (message) resolve(message);
      else
        reject(
          failureOf(error, { aborted: signal?.aborted === true, answering, unsent: neverSent(client, call, error) }),
        );
    });
    const cancel = () => call.cancel();
    call.once('metadata', () => (answering = true));
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

interface Progress {
  /** The caller gave up. */
  readonly aborted: boolean;
  /** The headers of an answer had come. */
  readonly answering: boolean;
  readonly unsent: boolean;
}

/** Codes that grpc-js gives by itself when a connection or stream breaks before an answer. */
const BROKEN = new Set<status>([status.UNAVAILABLE, status.INTERNAL, status.UNKNOWN, status.CANCELLED]);

function failureOf(error: GrpcError | null, { aborted, answering, unsent }: Progress): AttemptFailure {
  if (!error) return lost(undefined);
  if (aborted) return new AttemptFailure('final', cancelled(error));
  // Only a server's own trailers carry a content type when no headers came before them.
  const answered = error.metadata.get('content-type').length > 0;
  if (!answered && error.code === status.DEADLINE_EXCEEDED) return new AttemptFailure('final', outOfTime(error));
  if (!answered && unsent) return unreachable(error);
  if (!answered && (answering ? error.code === status.UNAVAILABLE : BROKEN.has(error.code))) return lost(error);
  if (!answered && TOO_LARGE.test(error.details)) return tooLarge(error);
  const details = error.metadata.get(DETAILS_KEY)[0];
  return new AttemptFailure(
    'final',
    decodeStatus(error.code, error.details, typeof details === 'string' ? undefined : details, error),
  );
}

/** No stream was ever opened (the call's peer is then still the channel's target), or the server refused it unseen. */
const neverSent = (client: Client, call: ClientUnaryCall, error: GrpcError | null) =>
  call.getPeer() === client.getChannel().getTarget() || error?.details === 'Stream refused by server';

export const unreachable = (cause?: unknown) =>
  new AttemptFailure('unsent', unavailable('The service cannot be reached', { reason: 'CONNECT_FAILED', cause }));

/** grpc-js has no code of its own for this; RESOURCE_EXHAUSTED would tell the caller to come back later. */
const TOO_LARGE = /^Received message larger than max/;

const tooLarge = (cause: unknown) =>
  new AttemptFailure(
    'final',
    new ServiceError(Code.INTERNAL, 'The answer of the service is too large', { reason: 'ANSWER_TOO_LARGE', cause }),
  );

const lost = (cause: unknown) =>
  new AttemptFailure(
    'unknown',
    unavailable('The connection to the service was lost', { reason: 'CONNECTION_LOST', cause }),
  );

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asIs = (bytes: Buffer): Uint8Array => bytes;
