import {
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  create,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import type { MethodDefinition } from '@grpc/grpc-js';
import { grpcPath } from './grpc-method.js';

/**
 * What grpc-js needs to serve a method, made from its descriptor. Handlers may answer with plain initializers; a stream may
 * write bytes, for what is encoded once for many.
 */
export function grpcDefinition(method: DescMethod): MethodDefinition<object, object> {
  const { input, output, methodKind } = method;
  // The bytes of a unary call are decoded once its caller is known.
  const raw = methodKind === 'unary';
  return {
    path: grpcPath(method),
    requestStream: methodKind === 'bidi_streaming' || methodKind === 'client_streaming',
    responseStream: methodKind === 'bidi_streaming' || methodKind === 'server_streaming',
    requestSerialize: (request) => encode(input, request as MessageInitShape<DescMessage>),
    requestDeserialize: raw ? (bytes) => bytes : (bytes) => fromBinary(input, bytes),
    responseSerialize: raw
      ? (bytes) => bytes as Buffer
      : (answer) =>
          answer instanceof Uint8Array ? asBuffer(answer) : encode(output, answer as MessageInitShape<DescMessage>),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}

/** The message's bytes, not copied again into a Buffer. */
export function encode(schema: DescMessage, message: MessageInitShape<DescMessage>): Buffer {
  return asBuffer(toBinary(schema, create(schema, message)));
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
