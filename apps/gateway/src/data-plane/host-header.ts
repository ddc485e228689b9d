import type { IncomingMessage } from 'node:http';
import { invalidHost } from './http-refusal.js';

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Refuses with 400 a request without exactly one Host that is one (RFC 9112, section 3.2). HTTP/1.0 may have none. */
export function requireHost({ headersDistinct, httpVersion }: IncomingMessage): void {
  const [host, ...others] = headersDistinct['host'] ?? [];
  if (host === undefined && httpVersion === '1.0') return;
  // The pattern says what it may be made of, the parser knows what a port and an address are.
  const isHost = host !== undefined && HOST.test(host) && URL.canParse(`http://${host}`);
  if (!isHost || others.length > 0) throw invalidHost();
}
