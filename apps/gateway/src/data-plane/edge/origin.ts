import type { IncomingHttpHeaders } from 'node:http';
import { type ForwardedHop, lastHop } from './forwarded-hop.js';
import { type TrustedNetworks, socketAddress } from './trusted-networks.js';

export type Scheme = 'http' | 'https';

/** Where a request comes from, as far as somebody trusted vouches for it. */
export interface Origin {
  /** Whether the peer is one of ours: then what it says of ids, of the trace and of who is behind it is believed. */
  readonly trusted: boolean;
  /** The client's: the first one, seen from here, that is nobody of ours. */
  readonly address: string;
  /** Those between the client and us, the client's neighbour first. */
  readonly proxies: readonly string[];
  /** What the client speaks. */
  readonly scheme: Scheme;
  /** What the client called us; undefined when that is the request's own Host. */
  readonly host: string | undefined;
}

/** The header in which the trusted proxies write who is behind them. */
export type ForwardedBy = 'x-forwarded-for' | 'forwarded';

/** Longer chains of proxies are no chains but loops. */
const MOST_PROXIES = 32;
const NO_PROXIES: readonly string[] = [];

/**
 * Every proxy adds at the right whom it was called by. So the list is read from there, and believed for as long as who
 * wrote the entry is trusted: what is left of it may be the client's invention. Only one header is read, the one that the
 * proxies are known to write, for they pass the other on as their client made it up.
 */
export function originOf(
  peer: string | undefined,
  headers: IncomingHttpHeaders,
  networks: TrustedNetworks,
  by: ForwardedBy,
): Origin {
  let address = socketAddress(peer);
  if (!networks.has(address)) return { trusted: false, address, proxies: NO_PROXIES, scheme: 'http', host: undefined };
  const list = textOf(headers[by]);
  const proxies: string[] = [];
  let hop: ForwardedHop | undefined; // the last one read
  for (let end = list.length; end > 0 && proxies.length < MOST_PROXIES && networks.has(address);) {
    const next = lastHop(list, end, by);
    hop = next;
    if (next.address === undefined) break; // unknown, hidden or unreadable: nobody knows who wrote what is left of it
    proxies.unshift(address);
    ({ address } = next);
    end = next.begin - 1;
  }
  const said = by === 'forwarded' ? hop : beside(headers, proxies.length);
  return { trusted: true, address, proxies, scheme: schemeOf(said?.proto), host: hostOf(said?.host) };
}

/** What stands beside `X-Forwarded-For`: as long a list, or one value from the proxy that the client called. */
function beside(headers: IncomingHttpHeaders, hops: number): Pick<ForwardedHop, 'proto' | 'host'> {
  const at = (name: string): string | undefined => {
    const values = textOf(headers[name]).split(',');
    return values[Math.max(0, values.length - Math.max(1, hops))]?.trim();
  };
  return { proto: at('x-forwarded-proto'), host: at('x-forwarded-host') };
}

/** Some say `wss` of a WebSocket: it is https all the same. */
const schemeOf = (proto = ''): Scheme => (/^(?:https|wss)$/i.test(proto) ? 'https' : 'http');

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

const hostOf = (host: string | undefined): string | undefined =>
  host !== undefined && HOST.test(host) ? host : undefined;

/** node:http joins a header that comes several times. */
const textOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(',') : (value ?? '');
