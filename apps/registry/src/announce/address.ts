import { BlockList, isIP } from 'node:net';

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
 * Addresses at which nobody serves, but clouds hand out a machine's credentials: link-local ones (RFC 3927, RFC 4291), the
 * same behind NAT64 (RFC 6052), and the one that AWS has in IPv6. What asks on somebody else's word does not go there. The
 * list knows an address in whichever way it is written.
 */
const OFF_LIMITS = new BlockList();
OFF_LIMITS.addSubnet('169.254.0.0', 16, 'ipv4');
OFF_LIMITS.addSubnet('fe80::', 10, 'ipv6');
OFF_LIMITS.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
OFF_LIMITS.addAddress('fd00:ec2::254', 'ipv6');

/** Of an IP address, an IPv6 one without brackets, with or without its zone. */
export function isOffLimits(ip: string): boolean {
  const [address = ''] = ip.split('%');
  return OFF_LIMITS.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
