import { once } from 'node:events';
import { createServer as createHttp2Server, constants } from 'node:http2';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Metadata } from '@grpc/grpc-js';
import { Code, DETAILS_KEY, ServiceError, encodeStatus } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { createH2Transport } from './h2-transport.js';
import { ECHO, EchoServer, type Handler, deadAddress } from '../platform.fixture.js';
import type { Attempt, Transport } from '../transport.js';

let transport: Transport;
const servers: EchoServer[] = [];

beforeEach(() => {
  transport = createH2Transport(Date.now);
});
afterEach(() => {
  transport.close();
  for (const server of servers.splice(0)) server.stop();
});

async function serve(handler?: Handler, port?: number): Promise<EchoServer> {
  const server = await new EchoServer().start(handler, port);
  servers.push(server);
  return server;
}

const attempt = (address: string, changes: Partial<Attempt> = {}): Attempt => ({
  address,
  path: ECHO,
  request: new TextEncoder().encode('hello'),
  deadline: Date.now() + 5_000,
  headers: {},
  ...changes,
});

const failure = (outcome: string, code: Code, reason?: string) => ({
  outcome,
  error: { code, ...(reason !== undefined && { reason }) },
});

describe('a call', () => {
  it('carries the bytes as they are, headers and the time left', async () => {
    const server = await serve();
    const request = new Uint8Array([9, 0, 255, 9]).subarray(1, 3);
    const headers = { authorization: 'Bearer abc', traceparent: '00-1' };
    expect([...(await transport.unary(attempt(server.address, { request, headers })))]).toEqual([0, 255]);
    expect(server.calls[0]?.metadata.getMap()).toMatchObject(headers);
    expect(Number(server.calls[0]?.getDeadline())).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  it('may have an empty answer', async () => {
    const { address } = await serve((_, answer) => answer(null, Buffer.alloc(0)));
    expect((await transport.unary(attempt(address))).length).toBe(0);
  });

  it('fails with what the service said, details included', async () => {
    const sent = new ServiceError(Code.ABORTED, 'stale etag', {
      reason: 'STALE_ETAG',
      metadata: { etag: '3' },
      violations: [{ field: 'post.etag', description: 'is 3 by now' }],
      retryAfter: 2,
    });
    const { address } = await serve((_, answer) => {
      const metadata = new Metadata();
      metadata.set(DETAILS_KEY, Buffer.from(encodeStatus(sent).details ?? []));
      answer({ code: sent.code, details: sent.message, metadata });
    });
    const { code, message, reason, metadata, violations, retryAfter } = sent;
    await expect(transport.unary(attempt(address))).rejects.toMatchObject({
      outcome: 'final',
      error: { code, message, reason, metadata, violations, retryAfter },
    });
  });

  it.each([Code.UNAVAILABLE, Code.INTERNAL, Code.UNKNOWN, Code.CANCELLED, Code.DEADLINE_EXCEEDED])(
    'takes code %i for an answer when the service gave it',
    async (code) => {
      const { address } = await serve((_, answer) => answer({ code, details: 'says the service' }));
      await expect(transport.unary(attempt(address))).rejects.toMatchObject({
        outcome: 'final',
        error: { code, message: 'says the service' },
      });
    },
  );

  it('whose answer is too large is INTERNAL: coming back later would not help', async () => {
    const { address } = await serve((_call, answer) => answer(null, Buffer.alloc(4 * 1024 * 1024 + 1)));
    const answer = transport.unary(attempt(address));
    await expect(answer).rejects.toMatchObject(failure('final', Code.INTERNAL, 'ANSWER_TOO_LARGE'));
  });

  it('to an unknown method is UNIMPLEMENTED', async () => {
    const { address } = await serve();
    const answer = transport.unary(attempt(address, { path: '/test.v1.EchoService/Nothing' }));
    await expect(answer).rejects.toMatchObject(failure('final', Code.UNIMPLEMENTED));
  });
});

describe('a call that provably never arrived', () => {
  it('when nothing listens there, and no address is told', async () => {
    const address = await deadAddress();
    const answer = transport.unary(attempt(address));
    await expect(answer).rejects.toMatchObject(failure('unsent', Code.UNAVAILABLE, 'CONNECT_FAILED'));
    await expect(answer).rejects.not.toMatchObject({ message: expect.stringContaining('127.0.0.1') });
  });

  it('when a frozen process holds the port open', async () => {
    const sockets = new Set<Socket>();
    const frozen = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(frozen, 'listening');
    const { port } = frozen.address() as AddressInfo;
    for (const limits of [{ deadline: Date.now() + 200 }, { connectTimeout: 50 }]) {
      const answer = transport.unary(attempt(`127.0.0.1:${port}`, limits));
      await expect(answer).rejects.toMatchObject(failure('unsent', Code.UNAVAILABLE, 'CONNECT_TIMEOUT'));
    }
    frozen.close();
    for (const socket of sockets) socket.destroy();
  });

  it('when the server refused the stream unseen', async () => {
    const refusing = createHttp2Server().on('stream', (stream) => {
      stream.on('error', () => undefined); // both ends see the reset
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const answer = transport.unary(attempt(`127.0.0.1:${port}`));
    await expect(answer).rejects.toMatchObject(failure('unsent', Code.UNAVAILABLE, 'CALL_REFUSED'));
    transport.close();
    refusing.close();
  });

  it('does not spoil the address for the instance that starts there', async () => {
    const address = await deadAddress();
    await expect(transport.unary(attempt(address))).rejects.toMatchObject(
      failure('unsent', Code.UNAVAILABLE, 'CONNECT_FAILED'),
    );
    await serve(undefined, Number(address.split(':')[1]));
    const answer = await eventually(() => transport.unary(attempt(address)), 5_000, 10);
    expect(Buffer.from(answer).toString()).toBe('hello');
  });
});

describe('a call whose outcome is unknown', () => {
  it('when the connection breaks under it', async () => {
    const server = await serve(() => server.stop());
    await expect(transport.unary(attempt(server.address))).rejects.toMatchObject(
      failure('unknown', Code.UNAVAILABLE, 'CONNECTION_LOST'),
    );
  });
});

describe('the end of a call', () => {
  it('comes with the deadline, and a late answer changes nothing', async () => {
    const late = Promise.withResolvers<void>();
    const { address } = await serve((call, answer) => {
      call.on('cancelled', () => {
        answer(null, call.request);
        late.resolve();
      });
    });
    // Long enough to connect and be heard on a machine that is busy: before that nothing was sent, which is told otherwise.
    const answer = transport.unary(attempt(address, { deadline: Date.now() + 1_500 }));
    await expect(answer).rejects.toMatchObject(failure('final', Code.DEADLINE_EXCEEDED));
    await late.promise;
  });

  it('comes when the caller gives up, and the server hears of it', async () => {
    const caller = new AbortController();
    const heard = Promise.withResolvers<void>();
    const { address } = await serve((call) => {
      call.on('cancelled', () => heard.resolve());
      caller.abort();
    });
    await expect(transport.unary(attempt(address, { signal: caller.signal }))).rejects.toMatchObject(
      failure('final', Code.CANCELLED),
    );
    await heard.promise;
  });

  it('comes at once while still connecting', async () => {
    const caller = new AbortController();
    const answer = transport.unary(attempt(await deadAddress(), { signal: caller.signal }));
    caller.abort();
    await expect(answer).rejects.toMatchObject(failure('final', Code.CANCELLED));
  });
});

describe('connections', () => {
  it('are shared by the calls to an address and closed when the instance leaves', async () => {
    const server = await serve();
    await Promise.all([1, 2, 3].map(() => transport.unary(attempt(server.address))));
    expect(new Set(server.calls.map((call) => call.getPeer())).size).toBe(1);
    transport.retain(new Set());
    await server.drained();
  });

  it('let calls under way finish', async () => {
    const left = Promise.withResolvers<void>();
    const { address } = await serve((call, answer) => {
      void left.promise.then(() => answer(null, call.request));
      transport.retain(new Set());
      setImmediate(left.resolve);
    });
    expect(Buffer.from(await transport.unary(attempt(address))).toString()).toBe('hello');
  });
});
