import type { StringRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';

/** A kind of text that `buf.validate` knows by name. */
export interface StringFormat {
  readonly schema: Schema;
  /** For people, where the schema has no word for it. */
  readonly note?: string;
  readonly example: string;
  /** Whether the empty text is one. */
  readonly takesEmpty?: true;
}

const FORMATS: Readonly<Partial<Record<NonNullable<StringRules['wellKnown']['case']>, StringFormat>>> = {
  email: { schema: { format: 'email' }, example: 'ada@example.com' },
  hostname: { schema: { format: 'hostname' }, example: 'www.example.com' },
  ip: { schema: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }, note: 'An IP address.', example: '192.0.2.1' },
  ipv4: { schema: { format: 'ipv4' }, example: '192.0.2.1' },
  ipv6: { schema: { format: 'ipv6' }, example: '2001:db8::1' },
  uri: { schema: { format: 'uri' }, example: 'https://example.com/' },
  uriRef: { schema: { format: 'uri-reference' }, example: '/docs', takesEmpty: true },
  address: { schema: {}, note: 'A host name or an IP address.', example: 'www.example.com' },
  uuid: { schema: { format: 'uuid' }, example: '7f1b1f3e-5c0a-4e0b-9f3a-2f8f6d1c9a54' },
  tuuid: {
    schema: { pattern: '^[0-9a-fA-F]{32}$' },
    note: 'A UUID without dashes.',
    example: '7f1b1f3e5c0a4e0b9f3a2f8f6d1c9a54',
  },
  ipWithPrefixlen: { schema: {}, note: 'An IP address with the length of its prefix.', example: '192.0.2.1/24' },
  ipv4WithPrefixlen: { schema: {}, note: 'An IPv4 address with the length of its prefix.', example: '192.0.2.1/24' },
  ipv6WithPrefixlen: { schema: {}, note: 'An IPv6 address with the length of its prefix.', example: '2001:db8::1/64' },
  ipPrefix: { schema: {}, note: 'An IP prefix.', example: '192.0.2.0/24' },
  ipv4Prefix: { schema: {}, note: 'An IPv4 prefix.', example: '192.0.2.0/24' },
  ipv6Prefix: { schema: {}, note: 'An IPv6 prefix.', example: '2001:db8::/64' },
  hostAndPort: { schema: {}, note: 'A host name or an IP address, and a port.', example: 'www.example.com:443' },
  ulid: { schema: {}, note: 'A ULID.', example: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
  protobufFqn: { schema: {}, note: 'A full name of protobuf.', example: 'trellis.blog.v1.Post' },
  protobufDotFqn: {
    schema: {},
    note: 'A full name of protobuf with a dot before it.',
    example: '.trellis.blog.v1.Post',
  },
};

const HEADER_NAME: StringFormat = { schema: {}, note: 'The name of an HTTP header.', example: 'x-name' };
const HEADER_VALUE: StringFormat = {
  schema: {},
  note: 'The value of an HTTP header.',
  example: 'value',
  takesEmpty: true,
};

/** Undefined when the rules name none, or one that this version does not know. */
export function stringFormat({ wellKnown: { case: name, value } }: StringRules): StringFormat | undefined {
  if (name === undefined || value === false) return undefined;
  return name === 'wellKnownRegex' ? [undefined, HEADER_NAME, HEADER_VALUE][value] : FORMATS[name];
}
