import { readFileSync } from 'node:fs';
import { METHODS } from 'node:http';
import { z } from 'zod';
import { Secret } from './secret.js';

const LABEL = '[A-Za-z\\d](?:[A-Za-z\\d-]{0,61}[A-Za-z\\d])?';
const HOST = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/** A host, or `*.` and a host for every one below it; read in lower case. */
export const hostPattern = z
  .string()
  .max(253, 'no host: a name has at most 253 characters')
  .regex(HOST, 'no host: write it as api.example.com or *.example.com, without a port and in ASCII (xn--…)')
  .toLowerCase();

/** Node's parser refuses all others; CONNECT is for tunnels. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(['*', ...METHODS.filter((method) => method !== 'CONNECT')]);

export const httpMethod = z
  .string()
  .regex(/^(?:[A-Z][A-Z-]*|\*)$/, {
    error: 'no HTTP method: write it in capitals, as GET, or as "*" for any',
    abort: true,
  })
  .refine((method) => KNOWN_METHODS.has(method), 'no HTTP method that could arrive');

/** RFC 9110, section 5.1. Read in lower case, as names are compared. */
export const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,128}$/, 'no name of a header')
  .toLowerCase();

/** RFC 9110, section 5.5: nothing in it may begin a new line. */
export const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]{0,4096}$/, 'no value of a header');

/** `host:port` */
export const hostPort = z
  .string()
  .regex(/^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-fA-F:.]+\]):[1-9]\d{0,4}$/, {
    error: 'no host:port: write it as 10.0.0.1:8080 or [::1]:8080',
    abort: true,
  })
  .refine((value) => Number(value.slice(value.lastIndexOf(':') + 1)) < 65_536, 'ports end at 65535');

/** Of text with `*`, which stands for any characters, none included. */
const MOST_LIKE = 128;

/** What a header or a query parameter must be. Nothing here costs more time than the value is long, whoever sends it. */
export const valueTest = z.union([
  z.string().describe('This very text'),
  z
    .strictObject({
      like: z
        .string()
        .min(1)
        .max(MOST_LIKE)
        .optional()
        .describe('The whole value; * stands for any characters: mobile-*'),
      oneOf: z.array(z.string()).min(1).max(1_000).optional().describe('One of these very texts'),
      present: z.boolean().optional().describe('Whether it is there at all'),
    })
    .meta({ minProperties: 1, maxProperties: 1 })
    .refine((test) => Object.keys(test).length === 1, 'name exactly one of like, oneOf and present'),
]);

export type ValueTest = z.output<typeof valueTest>;

/** An address, or a network: `10.0.0.0/8`, `fd00::/8`. */
export const network = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'no address or network: write it as 10.0.0.0/8',
);

/** Characters of a secret: fewer can be guessed. */
const SHORTEST_SECRET = 16;

/** A file with nothing but a secret in it. It is read when the configuration is. */
export const secretFile = z.string().transform((file, context): Secret => {
  const text = textIn(file);
  if (text !== undefined && text.length >= SHORTEST_SECRET) return new Secret(text);
  const message =
    text === undefined ? 'cannot be read' : `has a secret that is too short: give it ${SHORTEST_SECRET} characters`;
  context.addIssue({ code: 'custom', message: `${file} ${message}` });
  return z.NEVER;
});

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
