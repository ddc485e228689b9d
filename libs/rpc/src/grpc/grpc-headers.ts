import { HeaderBlock, preparedBlock } from '../http2/hpack-encoder.js';
import { grpcTimeout } from './grpc-timeout.js';

/** Written and sent before the next one begins. */
const BLOCK = new HeaderBlock();

/**
 * The headers that all calls of one method at one address have, to be used again. Without `grpc-accept-encoding` a server
 * may only answer uncompressed. Undefined for a path that cannot be sent.
 */
export function methodHeaders(address: string, path: string): Buffer | undefined {
  if (UNSAFE.test(path)) return undefined;
  return preparedBlock([
    [':path', path],
    [':authority', address],
    ['te', 'trailers'],
    ['content-type', 'application/grpc'],
    ['user-agent', 'grpc-node-trellis/0.1.0'],
  ]);
}

/**
 * One call's header block, good until the next is made; undefined when a header cannot be sent, or would let its sender
 * write headers of its own. `timeLeft` in milliseconds.
 */
export function callHeaders(
  ofMethod: Buffer,
  headers: Readonly<Record<string, string>>,
  timeLeft: number,
): Buffer | undefined {
  BLOCK.begin(ofMethod);
  const timeout = grpcTimeout(timeLeft);
  if (timeout !== undefined) BLOCK.add('grpc-timeout', timeout);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    if (!NAME.test(name) || RESERVED.test(name) || UNSAFE.test(value) || !BLOCK.add(name, value)) return undefined;
  }
  return BLOCK.bytes;
}

/** Custom metadata of gRPC: lower case, printable ASCII. Binary values (`-bin`) are not offered. */
const NAME = /^[0-9a-z_.-]+$/;
const UNSAFE = /[^\x20-\x7e]/;
const RESERVED = /^(?:grpc-|te$|content-type$|user-agent$|connection$|host$|transfer-encoding$)|-bin$/;
