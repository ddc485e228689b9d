import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Code, ServiceError, aborted, unavailable } from '@trellis/errors';
import { recordSpans } from '@trellis/telemetry/testing';
import { BlogBackend } from './blog-backend.fixture.js';
import { blogAt } from './instances.fixture.js';
import { MAX_BODY, TestGateway, problemOf } from './test-gateway.fixture.js';

const spans = recordSpans();
const backend = new BlogBackend();
const gateway = new TestGateway();
/** Gives up long before a test does. */
const impatient = new TestGateway();

beforeAll(async () => {
  await backend.start({
    p1: { id: 'p1', title: 'First' },
    slow: 'hang',
    leaky: new ServiceError(Code.INTERNAL, 'select * from posts: password=hunter2\n    at Pool.query (pg.js:1)'),
    odd: new ServiceError(Code.UNKNOWN, 'TypeError: hunter2 is undefined', { metadata: { file: '/srv/app.js' } }),
    stale: aborted('The etag is stale', { reason: 'STALE_ETAG' }),
    halted: new ServiceError(Code.CANCELLED, 'shutting down'),
    busy: unavailable('Try later', { retryAfter: 2.5 }),
  });
  await Promise.all([gateway.start(), impatient.start({ requestTimeoutMs: 1_000 })]);
  for (const { directory } of [gateway, impatient]) directory.set(blogAt(backend.address));
});
afterAll(async () => {
  await Promise.all([gateway.stop(), impatient.stop()]);
  backend.stop();
});

describe('a body that does not fit', () => {
  const post = (body: unknown, headers = {}) => gateway.fetch('/v1/posts', { method: 'POST', body, headers });

  it.each([
    ['malformed JSON', '{"title": "a",', [{ pointer: '#', detail: expect.stringContaining('is not valid JSON') }]],
    ['a wrong type', { title: 7, content: 'c' }, [{ pointer: '#/title', detail: 'must be a text' }]],
    [
      'an unknown field',
      { title: 't', content: 'c', tilte: 1 },
      [{ pointer: '#/tilte', detail: 'is not a known field' }],
    ],
    [
      'missing fields',
      {},
      [
        { pointer: '#/title', detail: 'value is required' },
        { pointer: '#/content', detail: 'value is required' },
      ],
    ],
  ])('%s: 400 with a pointer for each error', async (_, body, errors) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({
      status: 400,
      code: 'INVALID_ARGUMENT',
      instance: '/v1/posts',
      errors,
    });
  });

  it('a pointer is relative to the body, and the rest is a parameter', async () => {
    const answer = await gateway.fetch('/v1/posts/p1?updateMask=9&x=1', { method: 'PATCH', body: { title: {} } });
    expect((await problemOf(answer)).errors).toEqual([
      { parameter: 'x', detail: 'is not a known query parameter' },
      { pointer: '#/title', detail: 'must be a text' },
    ]);
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('of type %s %j: 415', async (type, headers) => {
    const answer = await post('{}', { 'content-type': type, ...headers });
    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept')).toBe('application/json');
    expect(await problemOf(answer)).toMatchObject({ status: 415, title: 'Unsupported Media Type' });
  });

  it('over the limit: 413, whether its length is announced or not', async () => {
    const announced = await post('x'.repeat(MAX_BODY + 1));
    expect([announced.status, (await problemOf(announced)).reason]).toEqual([413, 'BODY_TOO_LARGE']);
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const unannounced = await fetch(`${gateway.url}/v1/posts`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await gateway.issuer.token()}` },
    });
    expect(unannounced.status).toBe(413);
  });

  it('a good request works afterwards', async () => {
    const answer = await post({ title: 't', content: 'c' });
    expect([answer.status, await answer.json()]).toMatchObject([200, { id: 'new', title: 't' }]);
  });
});

describe('a caller who may not', () => {
  const get = (headers: Record<string, string>) => gateway.fetch('/v1/posts/p1', { headers });

  it('has no token: 401 that names the scheme and no error', async () => {
    const answer = await fetch(`${gateway.url}/v1/posts/p1`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="trellis"');
    expect(await problemOf(answer)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_MISSING' });
  });

  it.each([
    ['forged', () => gateway.issuer.forged(), 'TOKEN_INVALID'],
    ['expired', () => gateway.issuer.token({ exp: 1_000 }), 'TOKEN_EXPIRED'],
    ['for another audience', () => gateway.issuer.token({ aud: 'urn:other' }), 'TOKEN_AUDIENCE'],
    ['of another issuer', () => gateway.issuer.token({ iss: 'http://evil.test' }), 'TOKEN_INVALID'],
    ['alg none', async () => gateway.issuer.unsigned(), 'TOKEN_INVALID'],
    ['no JWT', async () => 'abc', 'TOKEN_INVALID'],
  ])('has a token that is %s: 401', async (_, token, reason) => {
    const calls = backend.calls.length;
    const answer = await get({ authorization: `Bearer ${await token()}` });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="trellis", error="invalid_token", error_description="/,
    );
    expect(await problemOf(answer)).toMatchObject({ status: 401, reason });
    expect(backend.calls).toHaveLength(calls);
  });

  it('lacks a scope: 403 that names it', async () => {
    const answer = await get({ authorization: `Bearer ${await gateway.issuer.token({ scope: 'user:read' })}` });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="trellis", error="insufficient_scope", scope="blog:read"',
    );
    expect(await problemOf(answer)).toMatchObject({ reason: 'SCOPE_MISSING', metadata: { scope: 'blog:read' } });
  });
});

describe('a path', () => {
  it.each(['/oauth2/../v1/posts', '/oauth2/%2E./x', '/v1/posts/.', '/%', '/v1/posts/%zz', '/v1/posts/%00', '/a\\b'])(
    '%s means different things to different readers: 400',
    async (path) => {
      const answer = await rawGet(path);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain('"reason":"INVALID_PATH"');
    },
  );

  it.each(['/', '/v1/nothing', '/v1/posts/p1/extra', '/v1/posts/'])('%s is unknown: 404', async (path) => {
    const answer = await rawGet(path);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).toContain('"reason":"NO_ROUTE"');
  });

  it('takes other methods: 405 that lists them', async () => {
    const answer = await gateway.fetch('/v1/posts/p1', { method: 'PUT', body: {} });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, PATCH']);
    expect(await problemOf(answer)).toMatchObject({ status: 405, title: 'Method Not Allowed' });
  });

  it('has a parameter that cannot be decoded: 400', async () => {
    expect(await problemOf(await gateway.fetch('/v1/posts/%ff'))).toMatchObject({
      status: 400,
      reason: 'INVALID_PATH',
    });
  });

  it('names no post: 404 by the service', async () => {
    expect(await problemOf(await gateway.fetch('/v1/posts/none'))).toMatchObject({
      status: 404,
      detail: 'No post none',
    });
  });
});

describe('a service', () => {
  it('refuses: its reason comes through', async () => {
    expect(await problemOf(await gateway.fetch('/v1/posts/stale'))).toMatchObject({
      status: 409,
      reason: 'STALE_ETAG',
    });
  });

  it('asks to wait: 503 with whole seconds', async () => {
    const answer = await gateway.fetch('/v1/posts/busy');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
  });

  it('breaks off: 503, for the client did not', async () => {
    expect(await problemOf(await gateway.fetch('/v1/posts/halted'))).toMatchObject({
      status: 503,
      code: 'UNAVAILABLE',
    });
  });

  it('is too slow: 504 by the deadline, and the call is cancelled', async () => {
    const answer = await impatient.fetch('/v1/posts/slow');
    expect(await problemOf(answer)).toMatchObject({ status: 504, code: 'DEADLINE_EXCEEDED' });
    await backend.calls.at(-1)?.cancelled;
  });

  it.each(['leaky', 'odd'])('fails (%s): 500, and what it said stays in our log', async (id) => {
    const answer = await gateway.fetch(`/v1/posts/${id}`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toMatch(/hunter2|select|at Pool|app\.js/);
    expect(gateway.log.join()).toContain('request failed');
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL', traceId: answer.headers.get('x-trace-id') });
  });

  it('is gone: 503 with Retry-After, and back again', async () => {
    gateway.directory.set();
    const answer = await gateway.fetch('/v1/posts/p1');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await problemOf(answer)).toMatchObject({ code: 'UNAVAILABLE', reason: 'NO_INSTANCE' });
    gateway.directory.set(blogAt(backend.address));
    expect((await gateway.fetch('/v1/posts/p1')).status).toBe(200);
  });
});

describe('a client that goes away', () => {
  it('cancels its call', async () => {
    const before = backend.calls.length;
    const controller = new AbortController();
    const authorization = `Bearer ${await gateway.issuer.token()}`;
    const request = fetch(`${gateway.url}/v1/posts/slow`, { signal: controller.signal, headers: { authorization } });
    while (backend.calls.length === before) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(request).rejects.toThrow('aborted');
    await backend.calls.at(-1)?.cancelled;
  });

  it('sends its body too slowly: 408', async () => {
    const authorization = `Bearer ${await impatient.issuer.token()}`;
    const answer = await impatient.raw(
      `POST /v1/posts HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('what is no HTTP request', () => {
  it.each([
    ['garbage', 'HELLO\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['huge headers', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /oauth2/jwks HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n', 400],
    ['an empty host', 'GET /oauth2/jwks HTTP/1.1\r\nhost:\r\n\r\n', 400],
    ['a host with a path', 'GET /oauth2/jwks HTTP/1.1\r\nhost: x/y\r\n\r\n', 400],
    ['a host with a user', 'GET /oauth2/jwks HTTP/1.1\r\nhost: x@y\r\n\r\n', 400],
    ['a host with an impossible port', 'GET /oauth2/jwks HTTP/1.1\r\nhost: x:99999\r\n\r\n', 400],
    ['an expectation that nobody knows', 'GET /none HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n\r\n', 404],
  ])('%s: a problem too', async (_, text, status) => {
    const answer = await gateway.raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/x-request-id: \S+\r\nx-trace-id: [0-9a-f]{32}/);
    expect(answer).toContain('application/problem+json');
  });

  it.each(['x', 'x:80', 'x_y.example', '127.0.0.1:8080', '[::1]:8080'])('may have the host %s', async (host) => {
    expect(await gateway.raw(`GET /none HTTP/1.1\r\nhost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1.1 404 /);
  });

  it('may have no host in HTTP/1.0', async () => {
    expect(await gateway.raw('GET /none HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe('every answer', () => {
  it('has its ids, the problem too, and a trace of its own', async () => {
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';
    for (const path of ['/v1/posts/p1', '/v1/posts/none', '/nowhere']) {
      spans.reset();
      const answer = await gateway.fetch(path, { headers: { traceparent, 'x-request-id': 'mine' } });
      const traceId = answer.headers.get('x-trace-id');
      const requestId = answer.headers.get('x-request-id');
      expect(traceId).toMatch(/^(?!1{32})[0-9a-f]{32}$/);
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
      if (!answer.ok) expect(await problemOf(answer)).toMatchObject({ traceId, requestId, instance: path });
    }
  });
});

const rawGet = (path: string): Promise<string> => gateway.raw(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
