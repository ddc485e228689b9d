import type { HttpRefusal } from './http-refusal.js';
import { headersTooMany, invalidHost, invalidPath, methodNotAllowed } from './http-refusal.js';
import type { Exchange } from './exchange.js';
import { hasHost } from './host-header.js';
import { isPlainPath } from './target.js';

/** More than any client needs; what Node would drop silently. */
const MOST_HEADERS = 128;

/** Why a request is refused whatever its route; undefined when it is not. */
export function headFault({ request, httpMethod, path, query }: Exchange): HttpRefusal | undefined {
  if (request.rawHeaders.length > 2 * MOST_HEADERS) return headersTooMany(MOST_HEADERS);
  if (!hasHost(request)) return invalidHost();
  if (!isPlainPath(path) || query.includes('#')) return invalidPath();
  // It would be answered with the request's own secrets (RFC 9110, section 9.3.8).
  return httpMethod === 'TRACE' ? methodNotAllowed([]) : undefined;
}
