import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { attribute } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { BlogBackend } from '../blog-backend.fixture.js';
import { authAt, blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';

const spans = recordSpans();
const gateway = new TestGateway();
const blog = new BlogBackend();
/** Echoes, but for what it is told in the path. */
const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered].at(-1) ?? false });
/** The service's ends of the connections, the newest one last. */
const ends: WebSocket[] = [];
const seen: IncomingMessage[] = [];
let service: Server;

const FILE = `
routes:
  - { path: /guarded/**, service: auth, auth: { scopes: [chat] } }
  - { path: /chat/**, service: auth }
`;

beforeAll(async () => {
  service = createServer((request, response) => {
    seen.push(request);
    if (request.url?.endsWith('/slow')) return void setImmediate(() => response.end('slow'));
    response.end('plain');
  });
  service.on('upgrade', (request, socket, head) => {
    seen.push(request);
    if (request.url?.endsWith('/refused'))
      return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno');
    if (request.url?.endsWith('/page')) return void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\npage');
    if (request.url?.endsWith('/gone')) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (end) => {
      ends.push(end);
      end.on('error', () => undefined);
      if (request.url?.endsWith('/greets')) end.send('welcome');
      end.on('message', (data, isBinary) => end.send(data, { binary: isBinary }));
    });
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  await blog.start({ p1: { id: 'p1', title: 'First' } });
  await gateway.start({ file: FILE });
  gateway.directory.set(authAt(`127.0.0.1:${(service.address() as AddressInfo).port}`), blogAt(blog.address));
  await gateway.fetch('/v1/posts/p1');
});
afterEach(() => {
  for (const end of ends.splice(0)) end.terminate();
});
afterAll(async () => {
  await gateway.stop();
  blog.stop();
  service.closeAllConnections();
  service.close();
});

const openAt = (path: string, options = {}, protocols: string[] = []): WebSocket => {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, protocols, options);
  socket.on('error', () => undefined);
  return socket;
};

async function opened(path: string, options = {}, protocols: string[] = []): Promise<WebSocket> {
  const socket = openAt(path, options, protocols);
  await once(socket, 'open');
  return socket;
}

const message = async (socket: WebSocket): Promise<string> => String((await once(socket, 'message'))[0]);

/** The answer that a handshake gets instead of a connection. */
async function refusal(path: string, headers: Record<string, string> = {}) {
  const [, response] = (await once(openAt(path, { headers }), 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const HANDSHAKE =
  'host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

describe('a WebSocket', () => {
  it('passes on what both sides say: in fragments, binary, and a megabyte at once', async () => {
    const socket = await opened('/chat/room');
    socket.send('in two ', { fin: false });
    socket.send('pieces');
    expect(await message(socket)).toBe('in two pieces');
    const large = Buffer.alloc(1_048_576, 'xyz');
    for (let i = 0; i < 3; i++) {
      socket.send(large);
      const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
      expect([data.equals(large), isBinary]).toEqual([true, true]);
    }
  });

  it('is agreed upon by the two, with what they know of the request', async () => {
    const socket = await opened('/chat/room?a=%2F', { perMessageDeflate: true, headers: { cookie: 'a=1' } }, [
      'v1',
      'v2',
    ]);
    expect([socket.protocol, socket.extensions]).toEqual(['v2', '']);
    expect(seen.at(-1)).toMatchObject({
      url: '/chat/room?a=%2F',
      headers: {
        upgrade: 'websocket',
        cookie: 'a=1',
        'sec-websocket-protocol': 'v1,v2',
        'x-forwarded-for': '127.0.0.1',
        via: '1.1 trellis',
      },
    });
    socket.send('compressed or not');
    expect(await message(socket)).toBe('compressed or not');
  });

  it('loses nothing of what comes together with a handshake, on either side', async () => {
    const greeted = openAt('/chat/greets');
    expect(await message(greeted)).toBe('welcome');
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]).toString('latin1'); // "hi", masked with zeros
    const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1');
    socket.write(`GET /chat/room HTTP/1.1\r\n${HANDSHAKE}\r\n${frame}`, 'latin1');
    let got = '';
    for await (const piece of socket) if ((got += String(piece)).endsWith('\x81\x02hi')) break;
    expect(got).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(got).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
  });

  it('is closed by either side with its own words', async () => {
    const first = await opened('/chat/room');
    ends.at(-1)?.close(4001, 'enough');
    expect((await once(first, 'close')).map(String)).toEqual(['4001', 'enough']);
    const second = await opened('/chat/room');
    const end = ends.at(-1) ?? second;
    second.close(4002, 'bye');
    expect((await once(end, 'close')).map(String)).toEqual(['4002', 'bye']);
  });

  it('breaks on one side when it breaks on the other', async () => {
    const first = await opened('/chat/room');
    const end = ends.at(-1) ?? first;
    first.terminate();
    expect((await once(end, 'close'))[0]).toBe(1006);
    const second = await opened('/chat/room');
    ends.at(-1)?.terminate();
    expect((await once(second, 'close'))[0]).toBe(1006);
  });

  it('is passed on no faster than it is read', async () => {
    const socket = await opened('/chat/room');
    const end = ends.at(-1) ?? socket;
    const piece = Buffer.alloc(1_048_576);
    const count = 64;
    socket.pause();
    for (let i = 0; i < count; i++) end.send(piece);
    let before = -1;
    await eventually(() => {
      const waits = end.bufferedAmount;
      const still = waits === before;
      before = waits;
      expect(still).toBe(true);
    });
    expect(end.bufferedAmount).toBeGreaterThan((count * piece.length) / 2);
    let got = 0;
    const all = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        got += data.length;
        if (got === count * piece.length) resolve();
      });
    });
    socket.resume();
    await all;
  });

  it('is one request in a trace, from the handshake to the end', async () => {
    const root = () =>
      spans.getFinishedSpans().find(({ kind, attributes }) => {
        return kind === SpanKind.SERVER && attributes[attribute.urlPath] === '/chat/traced';
      });
    const socket = await opened('/chat/traced');
    socket.send('still there?');
    await message(socket);
    expect(root()).toBeUndefined();
    socket.close();
    await eventually(() => {
      expect(root()?.attributes).toMatchObject({ [attribute.httpRoute]: '/chat/**', [attribute.httpStatus]: 101 });
    });
  });

  it('ends with the token that it was opened with', async () => {
    const token = await gateway.issuer.token({ scope: 'chat', exp: Math.floor(Date.now() / 1000) + 4 });
    const socket = await opened('/guarded/room', { headers: { authorization: `Bearer ${token}` } });
    await once(socket, 'close');
  });
});

describe('a request for a WebSocket is answered as any other', () => {
  it('when a policy refuses it', async () => {
    const before = seen.length;
    const { status, headers, body } = await refusal('/guarded/room');
    expect([status, headers['content-type'], headers['connection']]).toEqual([
      401,
      'application/problem+json',
      'close',
    ]);
    expect(JSON.parse(body)).toMatchObject({ reason: 'TOKEN_MISSING', requestId: headers['x-request-id'] });
    const token = await gateway.issuer.token({ scope: 'blog:read' });
    expect((await refusal('/guarded/room', { authorization: `Bearer ${token}` })).status).toBe(403);
    expect(seen.length).toBe(before);
  });

  it('when no route takes it, and when nobody is there', async () => {
    expect((await refusal('/nowhere')).status).toBe(404);
    const instances = gateway.directory.all();
    gateway.directory.set();
    const { status, headers } = await refusal('/chat/room');
    gateway.directory.set(...instances);
    expect([status, headers['retry-after']]).toEqual([503, '1']);
  });

  it('when the service refuses it, or stays with HTTP', async () => {
    expect(await refusal('/chat/refused')).toMatchObject({ status: 403, body: 'no' });
    expect(await refusal('/chat/page')).toMatchObject({ status: 200, body: 'page' });
    expect(await refusal('/chat/gone')).toMatchObject({ status: 503 });
  });

  it('when it is for a method of a contract, which has no other protocol', async () => {
    const { status, body } = await refusal('/v1/posts/p1', { authorization: `Bearer ${await gateway.issuer.token()}` });
    expect([status, JSON.parse(body)]).toMatchObject([200, { id: 'p1' }]);
  });

  it.each([
    [
      'asks for HTTP/2',
      'GET',
      'host: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n',
      '',
    ],
    ['asks for TLS', 'GET', 'host: x\r\nconnection: upgrade\r\nupgrade: TLS/1.2\r\n', ''],
    ['is no GET', 'POST', HANDSHAKE, ''],
    ['has a body', 'GET', `${HANDSHAKE}content-length: 2\r\n`, 'hi'],
  ])('when it %s', async (_, method, headers, body) => {
    const got = await gateway.raw(`${method} /chat/room HTTP/1.1\r\n${headers}\r\n${body}`, 'plain');
    expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    for (const name of ['upgrade', 'http2-settings']) expect(seen.at(-1)?.headers).not.toHaveProperty(name);
  });

  it('when the answer to an earlier one still has to go out on its connection', async () => {
    const got = await gateway.raw(
      `GET /chat/slow HTTP/1.1\r\nhost: x\r\n\r\nGET /chat/room HTTP/1.1\r\n${HANDSHAKE}\r\n`,
      'plain',
    );
    expect(got.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(got).toMatch(/slow[^]*plain$/);
  });
});

it('a gateway that ends asks both sides to end', async () => {
  const ending = await new TestGateway().start({ file: FILE });
  ending.directory.set(...gateway.directory.all());
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${ending.port}/chat/greets`);
    socket.on('error', () => undefined);
    await once(socket, 'message');
    return [socket, ends.at(-1) ?? socket] as const;
  };
  const both = await open();
  const closed = Promise.all(both.map((each) => once(each, 'close')));
  ending.draining.abort();
  await closed;
  const late = new WebSocket(`ws://127.0.0.1:${ending.port}/chat/room`);
  late.on('error', () => undefined);
  await once(late, 'close');
  await ending.stop();
});
