import type { IncomingMessage } from 'node:http';

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** Hosts that were found good: there are few, and looking one up costs less than reading it. */
const good = new Set<string>();
const MOST_KEPT = 100;

/** Whether the request has exactly one Host that is one (RFC 9112, section 3.2). HTTP/1.0 may have none. */
export function hasHost({ headers, rawHeaders, httpVersion }: IncomingMessage): boolean {
  const { host } = headers;
  if (host === undefined) return httpVersion === '1.0';
  return isHost(host) && isOnly(rawHeaders);
}

/** `example.com`, `10.0.0.1:8080`, `[::1]:8080` */
export function isHost(host: string): boolean {
  if (good.has(host)) return true;
  // The pattern says what it may be made of, the parser knows what a port and an address are.
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  if (good.size >= MOST_KEPT) good.clear();
  good.add(host);
  return true;
}

/** node:http keeps the first of several. */
function isOnly(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1;
}
