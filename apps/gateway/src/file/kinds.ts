import { ContractError, parsePathTemplate } from '@trellis/transcoding';
import { z } from 'zod';

/** A host, or `*.` and a host for every one below it. */
export const hostPattern = z
  .string()
  .toLowerCase()
  .regex(/^(?:\*\.)?[a-z\d](?:[a-z\d.-]*[a-z\d])?$/, 'no host: write it as api.example.com or *.example.com');

/** A template as in `google/api/http.proto`: `/posts/{id}`, `/files/**`. */
export const pathTemplate = z.string().check((context) => {
  try {
    parsePathTemplate(context.value);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    context.issues.push({ code: 'custom', message: error.message, input: context.value });
  }
});

export const httpMethod = z
  .string()
  .regex(/^(?:[A-Z][A-Z-]{0,31}|\*)$/, 'no HTTP method: write it in capitals, as GET, or as "*" for any');

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
  .regex(/^(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}$/, 'no host:port: write it as 10.0.0.1:8080 or [::1]:8080');

/** What a header or a query parameter must be: this very text, a pattern, or just there (or not). */
export const valueTest = z.union([
  z.string(),
  z.strictObject({ pattern: z.string().transform(toPattern) }),
  z.strictObject({ present: z.boolean() }),
]);

export type ValueTest = z.output<typeof valueTest>;

/** The whole value must match. */
function toPattern(source: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `no pattern: ${error instanceof Error ? error.message : ''}` });
    return z.NEVER;
  }
}

/** An address, or a network: `10.0.0.0/8`, `fd00::/8`. */
export const network = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'no address or network: write it as 10.0.0.0/8',
);
