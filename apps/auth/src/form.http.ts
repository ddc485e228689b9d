import type { IncomingMessage } from 'node:http';
import { errors } from 'oidc-provider';

/** Bytes. A username and a password of the contract's lengths, percent-encoded, take 3.5 KiB. */
const LIMIT = 8 * 1024;

/** The fields of a form that a page of ours sent. Throws errors that may be told: 413, 415. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') throw new errors.InvalidRequest('Not a form', 415);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT) throw new errors.InvalidRequest('The form is too large', 413);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
