import { BlockList, SocketAddress, isIP } from 'node:net';

/** Answers that are kept, for a look into the list costs more than the rest of the walk. */
const MOST_KEPT = 1_000;

/** The networks of those whose word is taken. */
export class TrustedNetworks {
  readonly #list = new BlockList();
  readonly #known = new Map<string, boolean>();
  readonly #empty: boolean;

  /** Addresses and networks as `10.0.0.0/8`. Throws for what is neither. */
  constructor(networks: readonly string[]) {
    this.#empty = networks.length === 0;
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      const family = address.includes(':') ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  /** `address` as `plainAddress` gives it. */
  has(address: string): boolean {
    if (this.#empty || address === '') return false;
    let known = this.#known.get(address);
    if (known === undefined) {
      known = this.#list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
      if (this.#known.size >= MOST_KEPT) this.#known.clear();
      this.#known.set(address, known);
    }
    return known;
  }
}

/**
 * An address in the one form that all of its writings share: `2001:DB8:0::1` is `2001:db8::1`, and the IPv4 one in an IPv6
 * one is itself. Undefined for anything else, a zone included: it means something on one machine only.
 */
export function plainAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 4) return text;
  if (family !== 6 || text.includes('%')) return undefined;
  return unmapped(new SocketAddress({ address: text, family: 'ipv6' }).address);
}

/** The same for the address of a socket, which the kernel has written; empty when it has none any more. */
export function socketAddress(remote: string | undefined): string {
  if (remote === undefined) return '';
  return remote.includes(':') ? unmapped(remote.split('%', 1)[0] ?? '') : remote;
}

/** RFC 4291, section 2.5.5.2. */
const MAPPED = '::ffff:';

const unmapped = (address: string): string =>
  address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address;
