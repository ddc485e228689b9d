import { isIP } from 'node:net';

/** Where an instance can be reached. */
export interface Address {
  /** A name or an IP address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/** RFC 1123 names, with the underscores that container networks have. No scheme, path, user or blank can be part of it. */
const NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?$/;
const ADDRESS = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/;

/** `host:port`: a host name, an IPv4 address or an IPv6 address in brackets, and a port from 1 to 65535; else undefined. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain = '', digits] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  const known =
    bracketed === undefined ? isIP(host) === 4 || (NAME.test(host) && !/^[0-9.]+$/.test(host)) : isIP(host) === 6;
  return known && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * Link-local addresses: nobody serves there, but clouds answer with a machine's credentials. What asks on somebody else's
 * word does not go there. RFC 3927, RFC 4291.
 */
export const isLinkLocal = (ip: string): boolean => /^(::ffff:)?169\.254\.|^fe[89ab][0-9a-f]:/i.test(ip);
