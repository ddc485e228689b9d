/** Pieces that requests are made of: good ones, and those that parsers have stumbled over. */
const METHODS = ['GET', 'POST', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'BREW', 'get', ''];
const SEGMENTS = [
  ...['v1', 'posts', 'users', 'p1', 'api', 'shop', '1.0.0', 'oauth2', '.well-known', 'x:cancel', ':', '*', '**'],
  ...['', '.', '..', '%2e', '%2f', '%00', '%ff', '%c0%ae', '%zz', '%', '%E2%82%AC', 'a b', 'ä', '{id}', ';a=b', '\\'],
];
const NAMES = ['id', 'pageSize', 'page_size', 'pageToken', 'a.b.c', '__proto__', 'constructor', 'etag', '', '%', 'x[]'];
const VALUES = [
  '1',
  '-1',
  '1e400',
  'true',
  'null',
  '',
  '%ff',
  '%00',
  '+',
  'a,b',
  '2026-01-31T12:00:00Z',
  '9'.repeat(40),
];
const KEYS = [
  'title',
  'content',
  'etag',
  'id',
  '__proto__',
  'constructor',
  '',
  '\u0000',
  '\ud800',
  '"',
  '\\',
  'toString',
];

export interface RandomRequest {
  readonly method: string;
  readonly target: string;
  readonly body: Uint8Array | undefined;
}

/** Makes one request after the other. */
export function randomRequests(random: () => number): () => RandomRequest {
  const below = (n: number): number => Math.floor(random() * n);
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);

  function json(depth: number): unknown {
    switch (below(depth > 4 ? 6 : 8)) {
      case 0:
        return oneOf(VALUES);
      case 1:
        return oneOf([0, -0, 1, -1, 1.5, 2 ** 53, 1e300, -1e-300]);
      case 2:
        return oneOf([true, false, null]);
      case 3:
        return oneOf(KEYS);
      case 4:
        return String.fromCharCode(...many(8, () => below(65_536)));
      case 5:
        return {};
      case 6:
        return many(4, () => json(depth + 1));
      default:
        return Object.fromEntries(many(4, () => [oneOf(KEYS), json(depth + 1)]));
    }
  }

  function body(): Uint8Array | undefined {
    if (below(3) === 0) return undefined;
    const bytes = Buffer.from(JSON.stringify(json(0)) ?? '');
    if (below(3) === 0) return bytes;
    for (let flips = below(3); flips > 0 && bytes.length > 0; flips--) bytes[below(bytes.length)] = below(256);
    return bytes.subarray(0, bytes.length - below(2));
  }

  return () => {
    const known = below(4) === 0 ? '' : oneOf(['/v1/posts', '/v1/posts/p1', '/v1/posts/']);
    const path = known + many(known === '' || below(4) === 0 ? 5 : 0, () => `/${oneOf(SEGMENTS)}`).join('');
    const query = many(3, () => `${oneOf(NAMES)}=${oneOf(VALUES)}`).join('&');
    const target = (path || '/') + (query && `?${query}`);
    return { method: oneOf(METHODS), target, body: body() };
  };
}
