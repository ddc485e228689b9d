import { type RequestListener, createServer as createHttp } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, type Server, createServer as createTcp } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '@trellis/contracts/grpc/health/v1';
import { InstanceSchema, Protocol } from '@trellis/contracts/registry/v1';
import { probe } from './probe.js';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listen(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (protocol: Protocol, address: string, path = '', signal = AbortSignal.timeout(5_000)) =>
  probe(create(InstanceSchema, { id: 'a', service: 'blog', address, protocol, probe: { path } }), signal);

describe('A probe over HTTP', () => {
  const serve = (listener: RequestListener): Promise<string> => listen(createHttp(listener));
  const asked = (address: string, path?: string, signal?: AbortSignal) => ask(Protocol.HTTP, address, path, signal);

  it('is content with a status from 200 to 299, at the path that was announced', async () => {
    const paths: unknown[] = [];
    const address = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(204).end();
    });
    expect([await asked(address), await asked(address, '/livez?deep=1')]).toEqual([true, true]);
    expect(paths).toEqual(['/health', '/livez?deep=1']);
  });

  it('follows no redirect', async () => {
    const paths: unknown[] = [];
    const address = await serve((request, response) => {
      paths.push(request.url);
      if (request.url === '/health') response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    expect(await asked(address)).toBe(false);
    expect(paths).toEqual(['/health']);
  });

  it('reads no body, however much there is', async () => {
    let closed: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => (closed = resolve));
    const address = await serve((_request, response) => {
      response.on('close', closed);
      response.writeHead(200);
      response.write('x'.repeat(1_000_000));
    });
    expect(await asked(address)).toBe(true);
    await hungUp;
  });

  it.each([
    ['an error', (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(503).end()],
    ['a closed connection', (request: Parameters<RequestListener>[0]) => void request.socket.destroy()],
  ])('is not content with %s', async (_case, listener) => {
    expect(await asked(await serve(listener))).toBe(false);
  });

  it('waits no longer than its signal', async () => {
    expect(await asked(await serve(() => undefined), '', AbortSignal.timeout(20))).toBe(false);
  });

  it('is not content where nobody listens, nor with what is no address', async () => {
    expect([await asked('127.0.0.1:1'), await asked('unix:/tmp/x'), await asked('169.254.169.254:80')]).toEqual([
      ...[false, false, false],
    ]);
  });
});

describe('A probe over gRPC', () => {
  const serve = (answer: Uint8Array, headers: object = {}): Promise<string> => {
    const server = createHttp2();
    server.on('stream', (stream, request) => {
      const known = request[':path'] === '/grpc.health.v1.Health/Check';
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': known ? '0' : '12' }));
      stream.end(answer);
    });
    return listen(server);
  };
  const framed = (status: Status): Buffer => {
    const message = toBinary(HealthCheckResponseSchema, create(HealthCheckResponseSchema, { status }));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    return Buffer.concat([head, message]);
  };

  it.each([
    ['SERVING', framed(Status.SERVING), true],
    ['NOT_SERVING', framed(Status.NOT_SERVING), false],
    ['no answer', new Uint8Array(), false],
    ['garbage', Buffer.from('<html>'), false],
    ['an answer without end', Buffer.alloc(1_000_000), false],
  ])('hears %s', async (_case, answer, healthy) => {
    expect(await ask(Protocol.GRPC, await serve(answer))).toBe(healthy);
  });

  it('is not content with something that speaks no HTTP/2, nor with silence', async () => {
    const rude = await listen(createTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')));
    const silent = await listen(createTcp());
    expect(await ask(Protocol.GRPC, rude)).toBe(false);
    expect(await ask(Protocol.GRPC, silent, '', AbortSignal.timeout(20))).toBe(false);
  });
});
