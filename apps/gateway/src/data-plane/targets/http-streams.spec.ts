import { once } from 'node:events';
import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  createServer,
  request as httpRequest,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { authAt } from '../instances.fixture.js';
import { MAX_BODY, TestGateway, problemOf } from '../test-gateway.fixture.js';

/** Where the deadline is the matter, for a machine that is busy too. */
const TIMEOUT_MS = 1_000;
const SHORT = `timeout: ${TIMEOUT_MS}ms`;
const gateway = new TestGateway();
let answer: RequestListener;
let service: Server;

beforeAll(async () => {
  service = createServer((request, response) => {
    request.on('error', () => undefined);
    answer(request, response);
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  await gateway.start();
  gateway.directory.set(authAt(`127.0.0.1:${(service.address() as AddressInfo).port}`));
});
afterEach(() => {
  gateway.use('');
  service.closeAllConnections();
});
afterAll(async () => {
  await gateway.stop();
  service.close();
});

/** A request whose body is written bit by bit. */
function upload(headers: Record<string, string | number> = {}) {
  const request = httpRequest(`${gateway.url}/oauth2/upload`, { method: 'POST', headers });
  request.on('error', () => undefined); // a refused upload may be cut off when its answer is read
  const response = once(request, 'response').then(([got]) => got as IncomingMessage);
  response.catch(() => undefined);
  return { request, response };
}

/** What the next request that the service sees begins with. */
const nextRequest = () =>
  new Promise<{ request: IncomingMessage; respond: (words: string) => void }>((resolve) => {
    answer = (request, response) => resolve({ request, respond: (words) => void response.end(words) });
  });

describe('a body that may be long', () => {
  it.each<Record<string, number>>([{}, { 'content-length': 100_000 }])(
    'reaches the service as it comes: %j',
    async (headers) => {
      const arriving = nextRequest();
      const { request, response } = upload(headers);
      request.write('x'.repeat(50_000));
      const { request: seen, respond } = await arriving;
      expect(String((await once(seen, 'data'))[0])).toMatch(/^x+$/);
      request.end('y'.repeat(50_000));
      expect(await text(seen)).toMatch(/y{10}$/);
      respond('thanks');
      expect(await text(await response)).toBe('thanks');
    },
  );

  it('is refused when it goes on for too long, whatever has been passed on: 413', async () => {
    const broken = new Promise<unknown>((resolve) => {
      answer = (request) => void request.resume().once('error', resolve);
    });
    const { request, response } = upload();
    const piece = Buffer.alloc(65_536);
    for (let sent = 0; sent <= MAX_BODY; sent += piece.length) request.write(piece);
    expect((await response).statusCode).toBe(413);
    expect(JSON.parse(await text(await response))).toMatchObject({ reason: 'BODY_TOO_LARGE' });
    expect(await broken).toMatchObject({ code: 'ECONNRESET' }); // the service cannot take it for a whole one
    request.destroy();
  });

  it('that does not go on is refused at the deadline: 408', async () => {
    gateway.use(`defaults: { ${SHORT} }`);
    answer = (request) => void request.resume();
    const { request, response } = upload();
    request.write('x');
    expect(JSON.parse(await text(await response))).toMatchObject({ status: 408, reason: 'BODY_TOO_SLOW' });
    request.destroy();
  });

  it('that the service does not take is the service’s fault: 504', async () => {
    answer = () => undefined;
    // Longer than a busy machine needs to fill the connections: until then it is the client's next piece that is waited for.
    gateway.use(`defaults: { maxBody: 64MiB, timeout: ${3 * TIMEOUT_MS}ms }`);
    const { request, response } = upload();
    request.write(Buffer.alloc(32 * 1_048_576)); // more than the connections hold
    const problem: unknown = JSON.parse(await text(await response));
    request.destroy();
    expect(problem).toMatchObject({ status: 504 });
  });

  it('ends at the service when the client goes away', async () => {
    const arriving = nextRequest();
    const { request } = upload();
    request.write('x');
    const { request: seen } = await arriving;
    const ended = once(seen.resume(), 'error');
    request.destroy();
    await ended;
    expect(seen.complete).toBe(false);
  });

  it('need not be through when the service answers', async () => {
    answer = (_, response) => void response.writeHead(401).end('no');
    const { request, response } = upload();
    request.write('x');
    const got = await response;
    expect([got.statusCode, await text(got)]).toEqual([401, 'no']);
    request.destroy();
  });

  it('is asked for when there is somebody who takes it, and not before', async () => {
    answer = async (request, response) => void response.end(await text(request));
    const socket = connect(gateway.port, '127.0.0.1').setEncoding('utf8');
    socket.write(
      'POST /oauth2/x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n',
    );
    expect(String((await once(socket, 'data'))[0])).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write('2\r\nhi\r\n0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*hi/);
    const instances = gateway.directory.all();
    gateway.directory.set();
    const refused = await gateway.raw(
      'POST /oauth2/x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    gateway.directory.set(...instances);
    expect(refused).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('that is short is read first, and sent again when an instance is gone', async () => {
    answer = async (request, response) => void response.end(await text(request));
    const [there] = gateway.directory.all();
    if (!there) throw new Error('nobody is there');
    gateway.directory.set(authAt('127.0.0.1:1'), there);
    for (let i = 0; i < 4; i++) {
      const got = await gateway.fetch('/oauth2/x', { method: 'PUT', body: 'short' });
      expect([got.status, await got.text()]).toEqual([200, 'short']);
    }
    gateway.directory.set(there);
  });
});

describe('an answer that may be long', () => {
  it('is not cut off at the deadline, which is for its head', async () => {
    gateway.use(`defaults: { ${SHORT} }`);
    const began = Date.now();
    answer = (_, response) => {
      response.write('first ');
      const later = setInterval(() => {
        if (Date.now() - began <= TIMEOUT_MS) return;
        clearInterval(later);
        response.end('and last');
      }, 20);
    };
    expect(await (await gateway.fetch('/oauth2/events')).text()).toBe('first and last');
  });

  it('comes no faster than the client reads it', async () => {
    const size = 32 * 1_048_576;
    let sent = 0;
    answer = async (_, response) => {
      const piece = Buffer.alloc(65_536);
      for (; sent < size; sent += piece.length) {
        if (!response.write(piece)) await once(response, 'drain');
      }
      response.end();
    };
    const request = httpRequest(`${gateway.url}/oauth2/download`).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let before = -1;
    await eventually(() => {
      const still = sent === before && sent > 0;
      before = sent;
      expect(still).toBe(true);
    });
    expect(sent).toBeLessThan(size / 2); // what the buffers on the way hold
    let got = 0;
    for await (const piece of response) got += (piece as Buffer).length;
    expect(got).toBe(size);
  });

  it('breaks off at the service when the client goes away', async () => {
    const left = new Promise<void>((resolve) => {
      answer = (_, response) => {
        response.write('first');
        response.once('close', resolve);
      };
    });
    const request = httpRequest(`${gateway.url}/oauth2/events`).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    request.destroy();
    await left;
  });

  it('breaks off at the client when the service goes away, chunked or not', async () => {
    for (const headers of [{}, { 'content-length': 100 }]) {
      answer = (_, response) => {
        response.writeHead(200, headers);
        response.write('half', () => response.destroy());
      };
      await expect(gateway.fetch('/oauth2/half').then((got) => got.text())).rejects.toThrow();
    }
  });

  it('has the hints that come before it', async () => {
    answer = (_, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style', 'x-secret': '1' });
      response.end('late');
    };
    const request = httpRequest(`${gateway.url}/oauth2/page`).end();
    const arriving = [once(request, 'information'), once(request, 'response')];
    const [[hints], [response]] = (await Promise.all(arriving)) as [[{ headers: unknown }], [IncomingMessage]];
    expect(hints).toMatchObject({ statusCode: 103, headers: { link: '</a.css>; rel=preload; as=style' } });
    expect(await text(response)).toBe('late');
  });

  it('that never begins is a 504', async () => {
    gateway.use(`defaults: { ${SHORT} }`);
    answer = () => undefined;
    expect(await problemOf(await gateway.fetch('/oauth2/never'))).toMatchObject({ status: 504 });
  });
});
