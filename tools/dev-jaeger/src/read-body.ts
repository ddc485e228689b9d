import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorCode } from './error-code.js';

/** Bytes on the wire. A batch of 512 spans, what our exporter sends at most, is some 300 KB. */
const MAX_RECEIVED = 8 * 1024 * 1024;
/** Bytes after inflating, so that a small body cannot become a huge one. */
const MAX_INFLATED = 32 * 1024 * 1024;

/** A request that is refused, with the HTTP status that says why. */
export class Refused extends Error {
  constructor(
    readonly status: 400 | 404 | 405 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

/** The whole body, inflated. Throws `Refused`. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (coding !== 'gzip' && coding !== 'identity') throw new Refused(415, `content-encoding ${coding} is not supported`);
  const received = await collect(request);
  if (coding === 'identity') return received;
  try {
    return await promisify(gunzip)(received, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    const tooLarge = errorCode(error) === 'ERR_BUFFER_TOO_LARGE';
    if (tooLarge) throw new Refused(413, `the body inflates to more than ${MAX_INFLATED} bytes`);
    throw new Refused(400, 'the body is not gzip');
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new Refused(413, `the body is larger than ${MAX_RECEIVED} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_RECEIVED) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_RECEIVED) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
