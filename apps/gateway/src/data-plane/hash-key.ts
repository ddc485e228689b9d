import type { IncomingHttpHeaders } from 'node:http';
import type { HashSource } from '@trellis/rpc';
import type { PathTemplate } from '@trellis/transcoding';
import type { Exchange } from './exchange.js';

/** What of a request keeps it with others of its kind on one instance; undefined when the policy names nothing that it has. */
export function hashKeyOf(source: HashSource | undefined, headers: IncomingHttpHeaders): string | undefined {
  if (source?.header !== undefined) return [headers[source.header]].flat()[0];
  if (source?.cookie !== undefined) return cookieOf(headers.cookie, source.cookie);
  return undefined;
}

/** The same for a request that took a route: a field is one of the path's variables, `id` of `/v1/posts/{id}`. */
export function routeHashKey(
  source: HashSource | undefined,
  { request, captures }: Exchange,
  { template }: { readonly template: PathTemplate },
): string | undefined {
  if (source?.field === undefined) return hashKeyOf(source, request.headers);
  return captures[template.variables.findIndex(({ field }) => field === source.field)];
}

/** RFC 6265, section 4.2.1: `a=1; b=2`. */
function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const mark = pair.indexOf('=');
    if (pair.slice(0, mark).trim() === name) return pair.slice(mark + 1).trim();
  }
  return undefined;
}
