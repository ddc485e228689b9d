import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Http2Server, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fromBinary, toBinary, create } from '@bufbuild/protobuf';
import { Code as ConnectCode, ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GetUserRequestSchema, GetUserResponseSchema, UserService } from '@trellis/contracts/user/v1';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { createH2Transport } from './h2-transport.js';
import { ECHO, EchoServer } from '../platform.fixture.js';
import type { Transport } from '../transport.js';

let transport: Transport;
const stops: (() => void)[] = [];

beforeEach(() => {
  transport = createH2Transport();
});
afterEach(() => {
  transport.close();
  for (const stop of stops.splice(0)) stop();
});

async function listen(server: Http2Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  stops.push(() => server.close());
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Waits for the connection: a machine that is busy may not make it in time for whoever needs it at once. */
const met = (address: string, path: string) => eventually(() => call(address, path, Buffer.from('hello')));

const call = (address: string, path: string, request: Uint8Array, timeoutMs = 5_000) =>
  transport.unary({ address, path, request, deadline: Date.now() + timeoutMs, headers: { authorization: 'Bearer t' } });

describe('a server of connect-node', () => {
  const GET_USER = '/trellis.user.v1.UserService/GetUser';
  const asked = (id: string) => toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { id }));
  const serve = () =>
    listen(
      createServer(
        connectNodeAdapter({
          routes: (router) =>
            router.service(UserService, {
              async getUser({ id }, { requestHeader, timeoutMs, signal }) {
                if (id === 'missing') throw new ConnectError('no such user: ü', ConnectCode.NotFound);
                if (id === 'slow') await once(signal, 'abort').then(() => signal.throwIfAborted());
                expect(timeoutMs()).toBeGreaterThan(0);
                return { user: { id, username: requestHeader.get('authorization') ?? '' } };
              },
            }),
        }),
      ),
    );

  it('answers', async () => {
    const answer = await call(await serve(), GET_USER, asked('7'));
    expect(fromBinary(GetUserResponseSchema, answer).user).toMatchObject({ id: '7', username: 'Bearer t' });
  });

  it('fails as it says', async () => {
    const answer = call(await serve(), GET_USER, asked('missing'));
    await expect(answer).rejects.toMatchObject({
      outcome: 'final',
      error: { code: Code.NOT_FOUND, message: 'no such user: ü' },
    });
  });

  it('is told the deadline', async () => {
    const answer = call(await serve(), GET_USER, asked('slow'), 1_500);
    await expect(answer).rejects.toMatchObject({ outcome: 'final', error: { code: Code.DEADLINE_EXCEEDED } });
  });
});

/** More than any window at first: the request waits for the server's, the answer fits ours. */
const LARGE = 3 * 1024 * 1024;

describe('large requests and answers, many at once', () => {
  const payloads = Array.from({ length: 8 }, () => randomBytes(LARGE));

  it('to and from grpc-js', async () => {
    const server = await new EchoServer().start();
    stops.push(() => server.stop());
    await met(server.address, ECHO);
    const answers = await Promise.all(payloads.map((payload) => call(server.address, ECHO, payload, 80_000)));
    answers.forEach((answer, i) => expect(payloads[i]?.equals(answer)).toBe(true));
  });

  it('to and from nghttp2', async () => {
    const server = createServer().on('stream', (stream) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.concat(pieces));
      });
    });
    const address = await listen(server);
    await met(address, '/t.T/Echo');
    const answers = await Promise.all(payloads.map((payload) => call(address, '/t.T/Echo', payload, 80_000)));
    answers.forEach((answer, i) => expect(payloads[i]?.equals(answer)).toBe(true));
  });
});

it('ten thousand calls keep the connection, and every answer finds its call', async () => {
  const server = await new EchoServer().start();
  stops.push(() => server.stop());
  await met(server.address, ECHO);
  for (let round = 0; round < 20; round++) {
    const numbers = Array.from({ length: 500 }, (_, i) => String(round * 500 + i));
    const answers = await Promise.all(numbers.map((number) => call(server.address, ECHO, Buffer.from(number), 80_000)));
    expect(answers.map((answer) => Buffer.from(answer).toString())).toEqual(numbers);
  }
  expect(new Set(server.calls.map((each) => each.getPeer())).size).toBe(1);
});
