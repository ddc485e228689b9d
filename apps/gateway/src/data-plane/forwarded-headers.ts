import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.js';

/** What of an exchange the headers are made from. */
export interface Outgoing extends Pick<
  Exchange,
  'origin' | 'authority' | 'requestId' | 'correlationId' | 'headerChanges'
> {
  readonly request: Pick<IncomingMessage, 'headers' | 'httpVersion'>;
}

/** Meant for one connection only (RFC 9110, section 7.6.1, and RFC 9112 for the body's framing). */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What a client may claim and only we know; what node:http has answered itself (`expect`); what undici writes. */
const OURS = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-request-id',
  'x-correlation-id',
  'x-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  'uber-trace-id',
  'expect',
  'host',
  'content-length',
];
const OUR_FAMILIES = ['x-forwarded-', 'x-b3-'];

const NOT_SENT: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...OURS]);
const NOT_ANSWERED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'x-request-id', 'x-trace-id']);

/** The name by which we are known in `Via` (RFC 9110, section 7.6.3). */
const PSEUDONYM = 'trellis';

/**
 * A request's headers as the service behind may see them: names in lower case and values, in turn. `prefix`: what of the
 * path it does not see, for who writes links.
 */
export function requestHeaders(exchange: Outgoing, prefix = ''): string[] {
  const { request, headerChanges } = exchange;
  const { headers } = request;
  const { connection } = headers;
  const named = connection === undefined || isCommon(connection) ? NOBODY : namesIn(connection);
  const list: string[] = [];
  // Not the raw headers: of those that may come once only, what was checked here is what the service sees.
  for (const name in headers) {
    if (isKept(name) || named.has(name)) continue;
    const value = headers[name];
    if (typeof value === 'string') list.push(name, value);
    else for (const each of value ?? []) list.push(name, each);
  }
  pushOurs(list, exchange);
  if (prefix !== '') list.push('x-forwarded-prefix', prefix);
  if (!headerChanges) return list;
  const { set, remove } = headerChanges;
  const changed = list.filter((_, at) => {
    const name = list[at - (at % 2)] ?? '';
    return !Object.hasOwn(set, name) && !remove.includes(name);
  });
  for (const name in set) changed.push(name, set[name] ?? '');
  return changed;
}

/** By name whether it stays here: there are few names, and one look costs less than all the questions. */
const kept = new Map<string, boolean>();
const MOST_NAMES = 1_000;

function isKept(name: string): boolean {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const answer = staysHere(name);
  if (kept.size < MOST_NAMES) kept.set(name, answer);
  return answer;
}

/** Also in the spelling that CGI, and with it WSGI, cannot tell from ours: `X_Forwarded_For`. */
export function staysHere(name: string): boolean {
  const dashed = name.replaceAll('_', '-');
  return NOT_SENT.has(dashed) || OUR_FAMILIES.some((beginning) => dashed.startsWith(beginning));
}

/** Who is behind us, as far as it is vouched for: what a client says of itself is not handed on. */
function pushOurs(list: string[], { request, origin, authority, requestId, correlationId }: Outgoing): void {
  const { address, proxies, scheme, host = authority } = origin;
  const { via } = request.headers;
  let addresses = address;
  let forwarded = `for=${nodeOf(address)};proto=${scheme}`;
  if (host !== '') forwarded += `;host="${host}"`;
  for (const proxy of proxies) {
    addresses += `, ${proxy}`;
    forwarded += `, for=${nodeOf(proxy)}`;
  }
  const passed = `${request.httpVersion} ${PSEUDONYM}`;
  list.push('x-forwarded-for', addresses, 'x-forwarded-proto', scheme, 'forwarded', forwarded);
  if (host !== '') list.push('x-forwarded-host', host);
  list.push('via', via === undefined ? passed : `${String(via)}, ${passed}`, 'x-request-id', requestId);
  if (correlationId !== undefined) list.push('x-correlation-id', correlationId);
}

/** RFC 7239, section 6. */
const nodeOf = (address: string): string => (address.includes(':') ? `"[${address}]"` : address);

/** A service's headers as the client may see them, names and values in turn. The ids of the answer are ours to give. */
export function responseHeaders(fields: readonly string[]): string[] {
  let named = NOBODY;
  for (let at = 0; at < fields.length; at += 2) {
    const value = fields[at + 1] ?? '';
    if (fields[at] === 'connection' && !isCommon(value)) named = new Set([...named, ...namesIn(value)]);
  }
  const passed: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (!NOT_ANSWERED.has(name) && !named.has(name)) passed.push(name, fields[at + 1] ?? '');
  }
  return passed;
}

const NOBODY: ReadonlySet<string> = new Set();

/** What nearly all say, and what names no header that would come with it. */
const isCommon = (connection: string): boolean => connection === 'keep-alive' || connection === 'close';

const namesIn = (connection: string): ReadonlySet<string> =>
  new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
