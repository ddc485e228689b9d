import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordSpans } from '@trellis/telemetry/testing';
import { authAt } from '../instances.fixture.js';
import { MAX_BODY, TestGateway, problemOf } from '../test-gateway.fixture.js';

recordSpans();
const gateway = new TestGateway();
const seen: { request: IncomingMessage; body: string }[] = [];
let answer: RequestListener = (_, response) => response.end();
let auth: Server;
let authAddress: string;

beforeAll(async () => {
  auth = createServer(async (request, response) => {
    const chunks: string[] = [];
    for await (const chunk of request.setEncoding('utf8')) chunks.push(String(chunk));
    seen.push({ request, body: chunks.join('') });
    answer(request, response);
  });
  auth.listen(0, '127.0.0.1');
  await once(auth, 'listening');
  authAddress = `127.0.0.1:${(auth.address() as AddressInfo).port}`;
  await gateway.start({ requestTimeoutMs: 2_000 });
  gateway.directory.set(authAt(authAddress));
});
afterAll(async () => {
  await gateway.stop();
  auth.closeAllConnections();
  auth.close();
});

const last = () => seen.at(-1) ?? { request: { headers: {}, url: '', method: '' }, body: '' };

describe('what is for auth', () => {
  it('goes there as it is: method, path, query and body', async () => {
    answer = (_, response) =>
      response.writeHead(201, { 'content-type': 'application/json', 'x-thing': 'a' }).end('{"a":1}');
    const got = await gateway.fetch('/oauth2/token?a=1&b=%2F+', {
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic Zm9vOmJhcg==' },
    });
    expect([got.status, got.headers.get('x-thing'), await got.text()]).toEqual([201, 'a', '{"a":1}']);
    expect(last()).toMatchObject({
      body: 'grant_type=client_credentials',
      request: { method: 'POST', url: '/oauth2/token?a=1&b=%2F+', headers: { authorization: 'Basic Zm9vOmJhcg==' } },
    });
  });

  it('has its redirects and cookies passed through', async () => {
    answer = (_, response) =>
      response.writeHead(303, { location: '/oauth2/login/1', 'set-cookie': ['a=1', 'b=2'] }).end();
    const got = await gateway.fetch('/oauth2/auth?client_id=x');
    expect([got.status, got.headers.get('location'), got.headers.getSetCookie()]).toEqual([
      303,
      '/oauth2/login/1',
      ['a=1', 'b=2'],
    ]);
  });

  it('sees who asks from us, not from the client', async () => {
    answer = (_, response) => response.end();
    const got = await gateway.fetch('/.well-known/openid-configuration', {
      headers: {
        forwarded: 'for=evil',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.test',
        'x-forwarded-proto': 'gopher',
        'x-forwarded-prefix': '/evil',
        'x-real-ip': '6.6.6.6',
        'x-request-id': 'mine',
        traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
      },
    });
    const { headers } = last().request;
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      'x-forwarded-proto': 'http',
      'x-request-id': got.headers.get('x-request-id'),
      traceparent: expect.stringContaining(got.headers.get('x-trace-id') ?? '?'),
    });
    expect(JSON.stringify(headers)).not.toMatch(/evil|6\.6\.6\.6|gopher|mine/);
  });

  it('sees no header that was meant for the connection, and neither does the client', async () => {
    answer = (_, response) =>
      response
        .writeHead(200, {
          connection: 'close, x-secret',
          'x-secret': '1',
          'keep-alive': 'timeout=9',
          'x-request-id': 'theirs',
          'proxy-authenticate': 'x',
        })
        .end('ok');
    const text = await gateway.raw(
      'GET /oauth2/x HTTP/1.1\r\nhost: x\r\nconnection: close, x-hop\r\nx-hop: 1\r\nte: trailers\r\nproxy-authorization: x\r\nx-end: 2\r\n\r\n',
      'ok',
    );
    expect(Object.keys(last().request.headers)).toEqual(expect.arrayContaining(['x-end']));
    for (const name of ['x-hop', 'te', 'proxy-authorization']) expect(last().request.headers).not.toHaveProperty(name);
    expect(text).toMatch(/^HTTP\/1.1 200 /);
    expect(text).not.toMatch(/x-secret|proxy-authenticate|theirs|timeout=9/i);
  });

  it('is asked for its head alone', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': 7 }).end();
    const got = await gateway.fetch('/oauth2/jwks', { method: 'HEAD' });
    expect([got.status, got.headers.get('content-length'), last().request.method]).toEqual([200, '7', 'HEAD']);
  });

  it('is streamed, not collected', async () => {
    const rest = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.write('first');
      void rest.promise.then(() => response.end('last'));
    };
    const reader = (await gateway.fetch('/oauth2/stream')).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    rest.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
  });
});

describe('auth', () => {
  it('never sees a body over the limit: 413', async () => {
    const before = seen.length;
    const got = await gateway.fetch('/oauth2/token', { method: 'POST', body: 'x'.repeat(MAX_BODY + 1) });
    expect([got.status, (await problemOf(got)).reason, seen.length]).toEqual([413, 'BODY_TOO_LARGE', before]);
  });

  it('is too slow: 504', async () => {
    answer = () => undefined;
    expect(await problemOf(await gateway.fetch('/oauth2/slow'))).toMatchObject({
      status: 504,
      code: 'DEADLINE_EXCEEDED',
    });
  });

  it('breaks off in the middle: the client sees that the answer is not whole', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    await expect(gateway.fetch('/oauth2/half').then((got) => got.text())).rejects.toThrow();
  });

  it('is gone, or cannot be reached: 503 with Retry-After, and nothing of its address', async () => {
    for (const instances of [[], [authAt('127.0.0.1:1')]]) {
      gateway.directory.set(...instances);
      const got = await gateway.fetch('/oauth2/token');
      expect([got.status, got.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await got.text()).not.toContain('127.0.0.1');
    }
    gateway.directory.set(authAt(authAddress));
    answer = (_, response) => response.end('back');
    expect(await (await gateway.fetch('/oauth2/x')).text()).toBe('back');
  });
});
