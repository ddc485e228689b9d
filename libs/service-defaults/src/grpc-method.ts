import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { Call, StreamCall } from './call.js';

/** Marks our handlers among Nest's message handlers. */
export const GRPC_TRANSPORT = Symbol('trellis grpc');

export const grpcPath = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`;

type Unary<M extends DescMethodUnary> = (
  request: MessageShape<M['input']>,
  call: Call,
) => Promise<MessageInitShape<M['output']>>;

type ServerStream<M extends DescMethodServerStreaming> = (
  /** Bytes are written as they are: what many are told is encoded once. */
  stream: ServerWritableStream<MessageShape<M['input']>, MessageInitShape<M['output']> | Uint8Array>,
  call: StreamCall,
) => void | Promise<void>;

type BidiStream<M extends DescMethodBiDiStreaming> = (
  stream: ServerDuplexStream<MessageShape<M['input']>, MessageInitShape<M['output']>>,
  call: StreamCall,
) => void | Promise<void>;

/** What a controller's method for this method of a contract looks like. */
export type GrpcHandler<M extends DescMethod> = M extends DescMethodUnary
  ? Unary<M>
  : M extends DescMethodServerStreaming
    ? ServerStream<M>
    : M extends DescMethodBiDiStreaming
      ? BidiStream<M>
      : never;

/**
 * Marks a controller's method that answers a method of a contract, and has the compiler check the two against each other:
 *
 *     @GrpcMethod(BlogService.method.createPost)
 *     async createPost(request: CreatePostRequest, call: Call): Promise<MessageInitShape<typeof CreatePostResponseSchema>>
 *
 * The request is verified, authorized and validated by then. A streaming method gets grpc-js's own stream instead of the
 * request; the request of a server stream (`stream.request`) is validated, the messages of a bidirectional one are not.
 */
export function GrpcMethod<M extends DescMethod>(method: M) {
  return <H extends GrpcHandler<M>>(
    controller: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    // Nest passes a custom transport's handler nothing but the payload unless it is told otherwise.
    Payload()(controller, key, 0);
    Ctx()(controller, key, 1);
    MessagePattern(grpcPath(method), GRPC_TRANSPORT)(controller, key, descriptor);
  };
}
