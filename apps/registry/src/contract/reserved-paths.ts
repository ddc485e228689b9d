import type { Route } from '@trellis/transcoding';

/**
 * First segments of paths that are the platform's own: the gateway answers them itself or passes them to auth, now or in
 * time. The one list of them.
 */
export const RESERVED = new Set([
  'oauth2',
  '.well-known',
  'health',
  'livez',
  'readyz',
  'metrics',
  'docs',
  'openapi.json',
  'api',
]);

/** CONNECT and TRACE are no requests for a service, and the gateway answers OPTIONS (CORS). */
const RESERVED_METHODS = new Set(['CONNECT', 'TRACE', 'OPTIONS']);

/** RFC 9110, section 9.1, in capitals as every method that is in use; `*` stands for all of them. */
const METHOD = /^([A-Z]{1,20}|\*)$/;

/** Characters that a path cannot hold as they are, or that one proxy reads differently from the next. */
const ODD = /[\s%\\"<>^`|\p{Cc}]/u;

/** Why nobody may have the route, worded to follow it; undefined when a service may. */
export function reservation({ httpMethod, template }: Pick<Route, 'httpMethod' | 'template'>): string | undefined {
  if (!METHOD.test(httpMethod) || RESERVED_METHODS.has(httpMethod)) return 'has a method that no service may have';
  const [first] = template.segments;
  if (first?.kind !== 'literal') return 'would take the paths of others: its first segment must be a fixed text';
  if (RESERVED.has(first.text.toLowerCase())) return `lies below /${first.text}, which is the platform's own`;
  const dots = template.segments.some((segment) => segment.kind === 'literal' && /^\.{1,2}$/.test(segment.text));
  return dots || ODD.test(template.text) ? 'holds a segment that no client can ask for' : undefined;
}
