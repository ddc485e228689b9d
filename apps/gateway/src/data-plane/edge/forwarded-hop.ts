import { plainAddress } from './trusted-networks.js';

/** What one proxy says of whom it was called by. */
export interface ForwardedHop {
  /** Undefined when it does not say, or not so that it could be read. */
  readonly address: string | undefined;
  readonly proto?: string | undefined;
  readonly host?: string | undefined;
  /** Where its entry begins in the list. */
  readonly begin: number;
}

/** The last entry of the list that ends at `end`. It is found from the right, whatever a client has put at the left. */
export function lastHop(list: string, end: number, header: 'x-forwarded-for' | 'forwarded'): ForwardedHop {
  const begin = beginOf(list, end);
  const entry = list.slice(begin, end).trim();
  if (header === 'x-forwarded-for') return { address: nodeAddress(entry), begin };
  const parameters = parametersOf(entry);
  if (!parameters) return { address: undefined, begin };
  const { for: node = '', proto, host } = parameters;
  return { address: nodeAddress(node), proto, host, begin };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** Commas within quotes do not count. Read backwards: a quote that a client left open ends nothing that a proxy wrote. */
function beginOf(list: string, end: number): number {
  let quoted = false;
  for (let at = end - 1; at >= 0; at--) {
    const char = list.charCodeAt(at);
    if (char === QUOTE && !isEscaped(list, at)) quoted = !quoted;
    else if (char === COMMA && !quoted) return at + 1;
  }
  return 0;
}

function isEscaped(list: string, at: number): boolean {
  let before = at - 1;
  while (list.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

/** RFC 7239, section 4. One after the other, so that nothing within quotes is taken for a parameter of its own. */
const PARAMETER = /\s*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~:[\]-]*))\s*(?:;|$)/y;

function parametersOf(entry: string): Readonly<Record<string, string>> | undefined {
  const parameters: Record<string, string> = {};
  PARAMETER.lastIndex = 0;
  while (PARAMETER.lastIndex < entry.length) {
    const [, name = '', quoted, plain = ''] = PARAMETER.exec(entry) ?? [];
    if (name === '') return undefined;
    parameters[name.toLowerCase()] ??= quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
  }
  return parameters;
}

/** Section 6: an address, with brackets if it is an IPv6 one, and a port, which may be hidden too. */
const NODE = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::(?:\d{1,5}|_[\w.-]+))?$/i;

function nodeAddress(node: string): string | undefined {
  const bare = plainAddress(node); // what nearly all are
  if (bare !== undefined) return bare;
  const [, ipv6, ipv4] = NODE.exec(node) ?? [];
  return plainAddress(ipv6 ?? ipv4 ?? '');
}
