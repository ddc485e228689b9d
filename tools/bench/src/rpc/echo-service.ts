import { type DescMethodUnary, create, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, file_google_protobuf_wrappers } from '@bufbuild/protobuf/wkt';

/** One method that takes bytes and gives them back: what is measured is the call, and not somebody's messages. */
export const ECHO_PATH = '/bench.v1.EchoService/Echo';

const BYTES = '.google.protobuf.BytesValue';

/** The contract, for the rival that cannot do without one. */
export function echoMethod(): DescMethodUnary {
  const file = create(FileDescriptorProtoSchema, {
    name: 'bench/v1/echo.proto',
    package: 'bench.v1',
    syntax: 'proto3',
    dependency: ['google/protobuf/wrappers.proto'],
    service: [{ name: 'EchoService', method: [{ name: 'Echo', inputType: BYTES, outputType: BYTES }] }],
  });
  const registry = createFileRegistry(file, (name) =>
    name === file_google_protobuf_wrappers.proto.name ? file_google_protobuf_wrappers : undefined,
  );
  const methods = registry.getService('bench.v1.EchoService')?.methods ?? [];
  const method = methods.find((each): each is DescMethodUnary => each.methodKind === 'unary');
  if (!method) throw new Error('The contract of the benchmark has no unary method');
  return method;
}

/** The length of a post with a short text. */
const MESSAGE_BYTES = 300;

/** What every subject sends and gets: a BytesValue of 300 bytes in its binary form. */
export const MESSAGE = Buffer.concat([Buffer.from([0x0a, 0xac, 0x02]), Buffer.alloc(MESSAGE_BYTES, 'x')]);
export const PAYLOAD = MESSAGE.subarray(3);

/** The size of an access token here. */
export const TOKEN = 'x'.repeat(600);

/** Milliseconds until a call's deadline. */
export const TIMEOUT_MS = 5_000;

/** Calls under way at any time. */
export const CONCURRENT = 32;

export const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
