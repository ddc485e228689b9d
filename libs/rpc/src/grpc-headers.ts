import { grpcTimeout } from './grpc-timeout.js';

/** Advertises no compression: without `grpc-accept-encoding` a server may only answer as is. */
const CONSTANT = [
  'te',
  'trailers',
  'content-type',
  'application/grpc',
  'user-agent',
  'grpc-node-trellis/0.1.0',
] as const;

/**
 * A request's header list, name and value by turns; undefined when a header could not be sent, or would let its sender
 * write headers of its own. `timeLeft` in milliseconds.
 */
export function requestHeaders(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  timeLeft: number,
): string[] | undefined {
  const list = [':method', 'POST', ':scheme', 'http', ':authority', address, ':path', path, ...CONSTANT];
  const timeout = grpcTimeout(timeLeft);
  if (timeout !== undefined) list.push('grpc-timeout', timeout);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    if (!NAME.test(name) || RESERVED.test(name) || UNSAFE.test(value)) return undefined;
    list.push(name, value);
  }
  return UNSAFE.test(path) ? undefined : list;
}

/** Custom metadata of gRPC: lower case, printable ASCII. Binary values (`-bin`) are not offered. */
const NAME = /^[0-9a-z_.-]+$/;
const UNSAFE = /[^\x20-\x7e]/;
const RESERVED = /^(?:grpc-|te$|content-type$|user-agent$|connection$|host$|transfer-encoding$|.*-bin$)/;
