/** A request target in its parts. */
export interface TargetParts {
  readonly path: string;
  /** What follows the `?`, raw; empty when there is none. */
  readonly query: string;
  /** The authority of a target in the absolute form, which counts instead of the Host header; undefined otherwise. */
  readonly authority: string | undefined;
}

/** Proxies may be sent the absolute form, and a server must take it (RFC 9112, section 3.2.2). */
export function splitTarget(target: string): TargetParts {
  const [origin = '', authority] = target.startsWith('/') ? [] : (/^https?:\/\/([^/?#]*)/i.exec(target) ?? []);
  const rest = target.slice(origin.length);
  const mark = rest.indexOf('?');
  return mark < 0
    ? { path: rest || '/', query: '', authority }
    : { path: rest.slice(0, mark) || '/', query: rest.slice(mark + 1), authority };
}

/** The host in a Host header, in lower case and without its port. */
export function hostOf(header: string): string {
  const colon = header.lastIndexOf(':');
  const host = colon > header.lastIndexOf(']') ? header.slice(0, colon) : header;
  return host.toLowerCase();
}

/** What makes a path worth a second look: a dot that begins a segment, an escape, or what no path may have as it is. */
const SUSPECT = /\/\.|[%\\#]|[^\x21-\x7e]/;
/** `;` begins parameters of a segment, which some servers take off before they look at it. */
const DOT_SEGMENT = /[/\\]\.{1,2}(?:[/\\;]|$)/;
const NO_PATH = /[\\#]|[^\x21-\x7e]/;

/**
 * Whether a path means the same to everybody: no `.` and `..` segments, however they are written, for who resolves them and
 * who does not see different paths; no broken escapes, no escaped NUL, nothing that is no UTF-8, no backslashes, no fragment
 * (RFC 3986, section 3.3).
 */
export function isPlainPath(path: string): boolean {
  if (!path.startsWith('/')) return false;
  if (!SUSPECT.test(path)) return true;
  if (NO_PATH.test(path)) return false;
  const decoded = decode(path);
  return decoded !== undefined && !decoded.includes('\0') && !DOT_SEGMENT.test(decoded);
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined; // a broken escape, or one of what is no UTF-8
  }
}
