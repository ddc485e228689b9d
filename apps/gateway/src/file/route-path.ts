import { ContractError, type PathTemplate, parsePathTemplate } from '@trellis/transcoding';
import { z } from 'zod';

/**
 * A path of the file: a template as in `google/api/http.proto`, which may also end with a slash, or be nothing else. Throws
 * ContractError with the reason.
 */
export function parseRoutePath(text: string): PathTemplate {
  if (!text.endsWith('/')) return parsePathTemplate(text);
  const bare = text === '/' ? undefined : parsePathTemplate(text.slice(0, -1));
  if (bare?.verb || bare?.segments.at(-1)?.kind === 'rest') {
    throw new ContractError(`Path template "${text}": nothing can follow ${bare.verb ? 'a verb' : '"**"'}`);
  }
  const end = { kind: 'literal', text: '' } as const;
  return { text, segments: [...(bare?.segments ?? []), end], variables: bare?.variables ?? [], verb: '' };
}

/** The same as text that was looked at: `/posts/{id}`, `/files/**`. */
export const routePath = z
  .string()
  .regex(/^\//, { error: 'a path begins with "/"', abort: true })
  .max(2_048, 'no request has a path as long as that')
  .refine((text) => !text.includes('%'), 'write it decoded: escapes are decoded before paths are compared')
  .check(({ value, issues }) => {
    try {
      const { segments } = parseRoutePath(value);
      const dots = segments.some((segment) => segment.kind === 'literal' && /^\.{1,2}$/.test(segment.text));
      if (dots) issues.push({ code: 'custom', message: 'no request has a path with . or .. in it', input: value });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      issues.push({ code: 'custom', message: error.message, input: value });
    }
  });

/** Whether every path of the template begins with the literal segments of the prefix. */
export function beginsWith({ segments }: PathTemplate, prefix: string): boolean {
  return segmentsOf(prefix).every((text, at) => {
    const segment = segments[at];
    return segment?.kind === 'literal' && segment.text === text;
  });
}

/** `/a/b`, or `/a/b/`, in its parts. */
export const segmentsOf = (prefix: string): string[] => prefix.replace(/\/$/, '').split('/').slice(1);
