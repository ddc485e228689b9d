import { ContractError, type PathTemplate, parsePathTemplate } from '@trellis/transcoding';
import { z } from 'zod';

/** A template as in `google/api/http.proto`: `/posts/{id}`, `/files/**`, and `/` alone. */
export const routePath = z
  .string()
  .regex(/^\//, { error: 'a path begins with "/"', abort: true })
  .max(2_048, 'no request has a path as long as that')
  .check(({ value, issues }) => {
    try {
      const { segments } = parsePathTemplate(value);
      const dots = segments.some((segment) => segment.kind === 'literal' && /^\.{1,2}$/.test(segment.text));
      if (dots) issues.push({ code: 'custom', message: 'no request has a path with . or .. in it', input: value });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      issues.push({ code: 'custom', message: error.message, input: value });
    }
  });

/** Segments that a path begins with: `/shop`, `/shop/items`. */
export const pathPrefix = z
  .string()
  .regex(/^(?:\/[^/{}*?#:]+)+$/, { error: 'no beginning of a path: write it as /shop', abort: true });

/** Whether every path of the template begins with the prefix. */
export function beginsWith({ segments }: PathTemplate, prefix: string): boolean {
  return parsePathTemplate(prefix).segments.every((wanted, at) => {
    const segment = segments[at];
    return wanted.kind === 'literal' && segment?.kind === 'literal' && segment.text === wanted.text;
  });
}

/** How many segments there are in a prefix. */
export const segmentsIn = (prefix: string): number => prefix.split('/').length - 1;
