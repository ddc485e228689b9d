/** What a service saw of a request, in the form that its raw bytes had. */
export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One hostile request and what becomes of it. */
export interface Hostile {
  /** What it tries, worded to follow "stops". */
  readonly name: string;
  /** Sent byte by byte as it stands here: each character is one byte. */
  readonly bytes: string;
  /** Status of the answer. 200: it is normalised, and `seen` says how. */
  readonly status: number | readonly number[];
  /** What the service must have seen of a request that is let through. */
  readonly seen?: Partial<Seen>;
  /** Names of headers that the service must not have seen as they were sent. */
  readonly unseen?: readonly string[];
}

/** Where the service behind is that sees what is let through. */
export const SHOP = '/api/v1/shop/1.0.0';

const lines = (...all: readonly string[]): string => all.join('\r\n');
const get = (target: string, ...headers: readonly string[]): string =>
  lines(`GET ${target} HTTP/1.1`, 'Host: shop.test', ...headers, '', '');
const post = (body: string, ...headers: readonly string[]): string =>
  lines(`POST ${SHOP}/x HTTP/1.1`, 'Host: shop.test', ...headers, '', body);
const json = (body: string, ...headers: readonly string[]): string =>
  lines('POST /v1/posts HTTP/1.1', 'Host: shop.test', `Content-Length: ${body.length}`, ...headers, '', body);

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n';
const CHUNKED = 'Transfer-Encoding: chunked';

/** RFC 9112, sections 6 and 7: one request must not look like two, nor two like one. */
const FRAMING: readonly Hostile[] = [
  { name: 'a length beside chunks', bytes: post(`0\r\n\r\n${SMUGGLED}`, 'Content-Length: 5', CHUNKED), status: 400 },
  { name: 'chunks beside a length', bytes: post(`0\r\n\r\n${SMUGGLED}`, CHUNKED, 'Content-Length: 5'), status: 400 },
  { name: 'two lengths', bytes: post('abcde', 'Content-Length: 5', 'Content-Length: 0'), status: 400 },
  { name: 'one length said twice', bytes: post('abcde', 'Content-Length: 5', 'Content-Length: 5'), status: 400 },
  { name: 'a list of lengths', bytes: post('abcde', 'Content-Length: 5, 5'), status: 400 },
  { name: 'a length with a plus', bytes: post('abcde', 'Content-Length: +5'), status: 400 },
  { name: 'a negative length', bytes: post('abcde', 'Content-Length: -5'), status: 400 },
  { name: 'a hexadecimal length', bytes: post('abcde', 'Content-Length: 0x5'), status: 400 },
  { name: 'a length with a space inside', bytes: post('abcde', 'Content-Length: 5 5'), status: 400 },
  { name: 'an empty length', bytes: post('', 'Content-Length:'), status: 400 },
  { name: 'a length beyond all numbers', bytes: post('a', 'Content-Length: 99999999999999999999'), status: 400 },
  { name: 'an unknown transfer coding', bytes: post('abc', 'Transfer-Encoding: xchunked'), status: 400 },
  {
    name: 'chunks that are not the last coding',
    bytes: post('0\r\n\r\n', 'Transfer-Encoding: chunked, identity'),
    status: 400,
  },
  {
    name: 'chunks hidden behind a vertical tab',
    bytes: post('0\r\n\r\n', 'Transfer-Encoding: \x0bchunked'),
    status: 400,
  },
  { name: 'codings in two headers', bytes: post('0\r\n\r\n', CHUNKED, 'Transfer-Encoding: identity'), status: 400 },
  { name: 'a chunk size that is no number', bytes: post('zz\r\nab\r\n0\r\n\r\n', CHUNKED), status: 400 },
  { name: 'a negative chunk size', bytes: post('-1\r\nab\r\n0\r\n\r\n', CHUNKED), status: 400 },
  { name: 'a chunk size beyond all numbers', bytes: post('fffffffffffffffff\r\nab\r\n', CHUNKED), status: 400 },
  { name: 'a chunk longer than it says', bytes: post('1\r\nabcdef\r\n0\r\n\r\n', CHUNKED), status: 400 },
  { name: 'a chunk that ends with a bare line feed', bytes: post('1\na\n0\n\n', CHUNKED), status: 400 },
  { name: 'endless chunk extensions', bytes: post(`1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`, CHUNKED), status: 413 },
  {
    name: 'chunk extensions that the service would read otherwise',
    bytes: post('1;a="\n0;b"\r\nx\r\n0\r\n\r\n', CHUNKED),
    status: 400,
  },
  {
    name: 'a body after the end of the body',
    bytes: post(`abc${'\x00'.repeat(8)}`, 'Content-Length: 3'),
    status: 200,
    seen: { body: 'abc' },
  },
  { name: 'chunks in HTTP/1.0', bytes: lines(`POST ${SHOP}/x HTTP/1.0`, CHUNKED, '', '0\r\n\r\n'), status: [400, 200] },
];

/** RFC 9112, section 5. */
const HEADERS: readonly Hostile[] = [
  { name: 'a folded header', bytes: get(`${SHOP}/x`, 'X-A: one', ' two'), status: 400 },
  { name: 'a folded first header', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, ' Host: shop.test', '', ''), status: 400 },
  { name: 'bare line feeds', bytes: `GET ${SHOP}/x HTTP/1.1\nHost: shop.test\n\n`, status: 400 },
  { name: 'a bare carriage return in a value', bytes: get(`${SHOP}/x`, 'X-A: one\rX-B: two'), status: 400 },
  { name: 'a NUL in a value', bytes: get(`${SHOP}/x`, 'X-A: one\x00two'), status: 400 },
  { name: 'a space before the colon', bytes: get(`${SHOP}/x`, 'X-A : one'), status: 400 },
  { name: 'a header without a colon', bytes: get(`${SHOP}/x`, 'X-A'), status: 400 },
  { name: 'a header without a name', bytes: get(`${SHOP}/x`, ': one'), status: 400 },
  { name: 'a name with a bracket', bytes: get(`${SHOP}/x`, 'X(A): one'), status: 400 },
  { name: 'a name with a byte beyond ASCII', bytes: get(`${SHOP}/x`, 'X-\xe4: one'), status: 400 },
  { name: 'a huge header', bytes: get(`${SHOP}/x`, `X-A: ${'a'.repeat(20_000)}`), status: 431 },
  { name: 'a huge target', bytes: get(`${SHOP}/${'a'.repeat(20_000)}`), status: [414, 431] },
  {
    name: 'too many headers',
    bytes: get(`${SHOP}/x`, ...Array.from({ length: 300 }, (_, at) => `X-${at}: a`)),
    status: 431,
  },
  { name: 'no host', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, '', ''), status: 400 },
  { name: 'two hosts', bytes: get(`${SHOP}/x`, 'Host: evil.test'), status: 400 },
  { name: 'an empty host', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, 'Host:', '', ''), status: 400 },
  { name: 'a host with a user', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, 'Host: a@shop.test', '', ''), status: 400 },
  { name: 'a host with a path', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, 'Host: shop.test/y', '', ''), status: 400 },
  { name: 'an impossible port', bytes: lines(`GET ${SHOP}/x HTTP/1.1`, 'Host: shop.test:99999', '', ''), status: 400 },
];

/** RFC 9112, section 3, and RFC 3986. */
const TARGETS: readonly Hostile[] = [
  {
    name: 'the absolute form of another host',
    bytes: get(`http://evil.test${SHOP}/x`),
    status: 200,
    seen: { target: '/x' },
  },
  { name: 'the absolute form of another scheme', bytes: get('ftp://shop.test/x'), status: 400 },
  {
    name: 'a tunnel',
    bytes: lines('CONNECT evil.test:443 HTTP/1.1', 'Host: evil.test:443', '', ''),
    status: [400, 405, 501],
  },
  { name: 'the asterisk form', bytes: lines('OPTIONS * HTTP/1.1', 'Host: shop.test', '', ''), status: 400 },
  { name: 'a target without a slash', bytes: get('x'), status: 400 },
  { name: 'a space in the target', bytes: get(`${SHOP}/a b`), status: 400 },
  { name: 'a tab in the target', bytes: get(`${SHOP}/a\tb`), status: 400 },
  { name: 'a fragment in the target', bytes: get(`${SHOP}/x#y`), status: 400 },
  { name: 'bytes beyond ASCII in the target', bytes: get(`${SHOP}/\xc3\xa4`), status: 400 },
  { name: 'a backslash', bytes: get(`${SHOP}\\..\\x`), status: 400 },
  { name: 'dot segments', bytes: get(`${SHOP}/../../../secret`), status: 400 },
  { name: 'encoded dot segments', bytes: get(`${SHOP}/%2e%2E/secret`), status: 400 },
  { name: 'dot segments behind encoded slashes', bytes: get(`${SHOP}/a%2f..%2Fsecret`), status: 400 },
  { name: 'dot segments behind encoded backslashes', bytes: get(`${SHOP}/a%5c..%5Csecret`), status: 400 },
  { name: 'dot segments with a parameter', bytes: get(`${SHOP}/..;/secret`), status: 400 },
  { name: 'a broken escape', bytes: get(`${SHOP}/%zz`), status: 400 },
  { name: 'half an escape', bytes: get(`${SHOP}/%4`), status: 400 },
  { name: 'an encoded NUL', bytes: get(`${SHOP}/x%00.png`), status: 400 },
  { name: 'overlong UTF-8', bytes: get(`${SHOP}/%c0%ae%c0%ae/secret`), status: 400 },
  { name: 'half a surrogate in UTF-8', bytes: get(`${SHOP}/%ed%a0%80`), status: 400 },
  {
    name: 'an encoded slash turning into a slash',
    bytes: get(`${SHOP}/a%2Fb`),
    status: 200,
    seen: { target: '/a%2Fb' },
  },
  {
    name: 'an encoded line break turning into one',
    bytes: get(`${SHOP}/a%0d%0aX:%20b`),
    status: 200,
    seen: { target: '/a%0d%0aX:%20b' },
  },
  {
    name: 'a doubly encoded dot being decoded twice',
    bytes: get(`${SHOP}/%252e%252e/x`),
    status: 200,
    seen: { target: '/%252e%252e/x' },
  },
  {
    name: 'an unknown method',
    bytes: lines(`BREW ${SHOP}/x HTTP/1.1`, 'Host: shop.test', '', ''),
    status: [400, 405, 501],
  },
  { name: 'a method in small letters', bytes: lines(`get ${SHOP}/x HTTP/1.1`, 'Host: shop.test', '', ''), status: 400 },
  {
    name: 'a request for its own secrets back',
    bytes: lines(`TRACE ${SHOP}/x HTTP/1.1`, 'Host: shop.test', 'Cookie: a=b', '', ''),
    status: 405,
  },
  { name: 'the preface of HTTP/2', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: [400, 505] },
  {
    name: 'an HTTP version that does not exist',
    bytes: lines(`GET ${SHOP}/x HTTP/3.7`, 'Host: shop.test', '', ''),
    status: [400, 505],
  },
  { name: 'HTTP/0.9', bytes: `GET ${SHOP}/x\r\n\r\n`, status: 400 },
];

/** What only we may say. */
const FORGED: readonly Hostile[] = [
  {
    name: 'a forged client address',
    bytes: get(`${SHOP}/x`, 'X-Forwarded-For: 6.6.6.6', 'X-Real-IP: 6.6.6.6', 'Forwarded: for=6.6.6.6'),
    status: 200,
    unseen: ['6.6.6.6'],
  },
  {
    name: 'a forged host and scheme',
    bytes: get(`${SHOP}/x`, 'X-Forwarded-Host: evil.test', 'X-Forwarded-Proto: evil'),
    status: 200,
    unseen: ['evil.test', 'evil'],
  },
  {
    name: 'a forged request id and trace',
    bytes: get(
      `${SHOP}/x`,
      'X-Request-Id: forged-id',
      'traceparent: 00-66666666666666666666666666666666-6666666666666666-01',
      'b3: 66666666666666666666666666666666-6666666666666666-1',
      'X-B3-TraceId: 66666666666666666666666666666666',
      'baggage: admin=true',
    ),
    status: 200,
    unseen: ['forged-id', '6666666666666666', 'admin=true'],
  },
  {
    name: 'headers that belong to one connection',
    bytes: get(
      `${SHOP}/x`,
      'Connection: close, X-Secret',
      'X-Secret: s3cr3t',
      'Proxy-Authorization: p4ss',
      'Keep-Alive: timeout=99',
    ),
    status: 200,
    unseen: ['s3cr3t', 'p4ss', 'timeout=99'],
  },
  {
    name: 'an upgrade to HTTP/2 in clear text',
    bytes: get(`${SHOP}/x`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAAA'),
    status: 200,
    unseen: ['h2c', 'AAAA'],
  },
];

/** RFC 8259, and what a contract takes. */
const BODIES: readonly Hostile[] = [
  {
    name: 'a body of another charset',
    bytes: json('{}', 'Content-Type: application/json; charset=utf-16'),
    status: 415,
  },
  { name: 'a body of another type', bytes: json('{}', 'Content-Type: text/plain'), status: 415 },
  {
    name: 'a compressed body',
    bytes: json('{}', 'Content-Type: application/json', 'Content-Encoding: gzip'),
    status: 415,
  },
  { name: 'a body that is no UTF-8', bytes: json('{"title":"\xff"}', 'Content-Type: application/json'), status: 400 },
  {
    name: 'overlong UTF-8 in a body',
    bytes: json('{"title":"\xc0\xaf"}', 'Content-Type: application/json'),
    status: 400,
  },
  { name: 'two values in a body', bytes: json('{}{}', 'Content-Type: application/json'), status: 400 },
  { name: 'JSON ten thousand deep', bytes: json('['.repeat(10_000), 'Content-Type: application/json'), status: 400 },
  {
    name: 'objects ten thousand deep',
    bytes: json(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'Content-Type: application/json'),
    status: 400,
  },
  { name: 'a prototype', bytes: json('{"__proto__":{"title":"x"}}', 'Content-Type: application/json'), status: 400 },
  {
    name: 'a constructor',
    bytes: json('{"constructor":{"prototype":{}}}', 'Content-Type: application/json'),
    status: 400,
  },
  {
    name: 'a number beyond all numbers',
    bytes: json('{"title":1e400}', 'Content-Type: application/json'),
    status: 400,
  },
  {
    name: 'half a surrogate',
    bytes: json('{"title":"\\ud800","content":"x"}', 'Content-Type: application/json'),
    status: 400,
  },
  {
    name: 'an announced body that is too large',
    bytes: lines(
      'POST /v1/posts HTTP/1.1',
      'Host: shop.test',
      'Content-Type: application/json',
      'Content-Length: 2000000',
      '',
      '',
    ),
    status: 413,
  },
  {
    name: 'an invitation to send too much',
    bytes: lines(
      'POST /v1/posts HTTP/1.1',
      'Host: shop.test',
      'Content-Type: application/json',
      'Content-Length: 2000000',
      'Expect: 100-continue',
      '',
      '',
    ),
    status: 413,
  },
];

export const HOSTILE_REQUESTS: readonly Hostile[] = [...FRAMING, ...HEADERS, ...TARGETS, ...FORGED, ...BODIES];
