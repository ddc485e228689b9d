import {
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
  type MessageShape,
  fromBinary,
} from '@bufbuild/protobuf';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { methodPolicy } from '@trellis/contracts';
import { type ServiceError, invalidArgument } from '@trellis/errors';
import { runInCall } from '@trellis/rpc';
import { type TokenVerifier, authorize } from '@trellis/security';
import { type Admission, OVERLOADED } from './admission.js';
import { authenticate } from './authenticate.js';
import type { Call } from './call.js';
import { encode } from './grpc-definition.js';
import { grpcPath } from './grpc-method.js';
import { grpcStatus } from './grpc-status.js';
import type { ServerSpan } from './server-span.js';
import { TOO_LATE, isTooLate } from './too-late.js';
import { validate } from './validate.js';
import { withinDeadline } from './within-deadline.js';

export type UnaryHandler = (request: Message, call: Call) => Promise<MessageInitShape<DescMessage>>;

export interface Guards {
  readonly admission: Admission;
  readonly inServerSpan: ServerSpan;
  /** Undefined where no access tokens are taken. */
  readonly verifier: TokenVerifier | undefined;
}

/**
 * Every unary call of every service goes through these steps, in this order. Bytes come in and go out, so that nothing is
 * decoded before its sender is known.
 *
 * The first two refuse a call before there is a span and before its token is verified: neither depends on who calls, and a
 * process that has too much to do must spend next to nothing on what it does not do. They are counted, not traced.
 */
export function serveUnary(
  method: DescMethod,
  handler: UnaryHandler,
  { admission, inServerSpan, verifier }: Guards,
): handleUnaryCall<Buffer, Buffer> {
  const policy = methodPolicy(method);
  const path = grpcPath(method);
  return (incoming, reply) => {
    const { metadata } = incoming;
    if (isTooLate(incoming)) return reply(TOO_LATE);
    const leave = admission.enter(path);
    if (!leave) return reply(OVERLOADED);
    inServerSpan(path, metadata, () =>
      withinDeadline(incoming, async ({ deadline, signal }) => {
        const caller = await authenticate(metadata, policy, verifier);
        authorize(caller, policy);
        const request = decode(method.input, incoming.request);
        validate(method.input, request);
        const call: Call = { caller, deadline, signal, metadata };
        const context = { deadline, signal, ...(caller && { token: caller.token }) };
        return encode(method.output, await runInCall(context, () => handler(request, call)));
      }),
    ).then(
      (answer) => {
        leave(true);
        reply(null, answer);
      },
      (error: ServiceError) => {
        leave(false);
        reply(grpcStatus(error));
      },
    );
  };
}

function decode<Schema extends DescMessage>(schema: Schema, bytes: Uint8Array): MessageShape<Schema> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw invalidArgument([{ field: '', description: `is no ${schema.typeName}` }], { cause });
  }
}
