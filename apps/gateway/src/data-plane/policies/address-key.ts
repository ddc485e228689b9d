/**
 * What counts as one address: an IPv4 one itself, of an IPv6 one the first 64 bits, for whoever has one has them all
 * (RFC 6177: a site gets a /64 at least). `address` in the text form of RFC 5952.
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const front = groups(head);
  if (tail === undefined || front.length >= 4) return front.slice(0, 4).join(':');
  const back = groups(tail);
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
