/** Path and query of a request target. Proxies may be sent the absolute form, and a server must take it (RFC 9112, section 3.2.2). */
export function splitTarget(target: string): { path: string; query: string } {
  const rest = target.startsWith('/') ? target : target.slice(/^https?:\/\/[^/?#]*/i.exec(target)?.[0].length ?? 0);
  const mark = rest.indexOf('?');
  return mark < 0
    ? { path: rest || '/', query: '' }
    : { path: rest.slice(0, mark) || '/', query: rest.slice(mark + 1) };
}

/** The host in a Host header, in lower case and without its port. */
export function hostOf(header: string): string {
  const colon = header.lastIndexOf(':');
  const host = colon > header.lastIndexOf(']') ? header.slice(0, colon) : header;
  return host.toLowerCase();
}

/** What makes a path worth a second look: a dot that begins a segment, an escape, or what no path may have as it is. */
const SUSPECT = /\/\.|[%\\]|[^\x21-\x7e]/;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const BAD_ESCAPE = /%(?![\da-f]{2})|%00/i;
const NO_PATH = /[\\]|[^\x21-\x7e]/;

/**
 * Whether a path means the same to everybody: no `.` and `..` segments, however they are written, for who resolves them and
 * who does not see different paths; no broken escapes, no NUL, no backslashes, nothing beyond ASCII (RFC 3986, section 3.3).
 */
export function isPlainPath(path: string): boolean {
  if (!SUSPECT.test(path)) return path.startsWith('/');
  return path.startsWith('/') && !DOT_SEGMENT.test(path) && !BAD_ESCAPE.test(path) && !NO_PATH.test(path);
}
