import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { ErrorCode, FRAME_HEADER, Flag, FrameType } from '../http2/frame.js';
import { RawCalls, answer, failure, frame, goaway, settings, uint32s } from './raw-server.fixture.js';

const { UNAVAILABLE } = Code;

let raw: RawCalls;
beforeEach(() => {
  raw = new RawCalls();
});
afterEach(() => raw.end());

describe('a peer that breaks the protocol', () => {
  it.each<[string, Buffer, string]>([
    ['never sends SETTINGS', Buffer.alloc(0), 'CONNECT_TIMEOUT'],
    ['speaks HTTP/1', Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'), 'CONNECT_FAILED'],
    ['sends garbage', randomBytes(500), 'CONNECT_FAILED'],
    ['begins with another frame', frame(FrameType.PING, 0, 0, Buffer.alloc(8)), 'CONNECT_FAILED'],
    ['hangs up at once', goaway(0, ErrorCode.NO_ERROR), 'CONNECT_FAILED'],
  ])('and %s was sent nothing', async (_, greeting, reason) => {
    const { server, call } = await raw.serve({ greeting });
    const patience = reason === 'CONNECT_TIMEOUT' ? 600 : 60_000; // what can be told is told before any limit
    const answer = call({ deadline: Date.now() + patience });
    await expect(answer).rejects.toMatchObject(failure('unsent', UNAVAILABLE, reason));
    expect(server.peers.map((peer) => peer.of(FrameType.HEADERS))).toEqual([[]]); // one attempt, and no request
  });

  it.each<[string, (stream: number) => Buffer, number]>([
    ['a frame that is too long', () => frame(FrameType.DATA, 0, 1, Buffer.alloc(20_000)), ErrorCode.FRAME_SIZE_ERROR],
    [
      'headers that cannot be read',
      (s) => frame(FrameType.HEADERS, Flag.END_HEADERS, s, Buffer.from([0xff])),
      ErrorCode.COMPRESSION_ERROR,
    ],
    ['an answer to nobody', () => answer(99, 'x'), ErrorCode.PROTOCOL_ERROR],
    ['a stream of its own', () => answer(2, 'x'), ErrorCode.PROTOCOL_ERROR],
    ['a push', (s) => frame(FrameType.PUSH_PROMISE, 0, s, uint32s(2)), ErrorCode.PROTOCOL_ERROR],
    ['half a setting', () => frame(FrameType.SETTINGS, 0, 0, Buffer.alloc(5)), ErrorCode.FRAME_SIZE_ERROR],
    [
      'a window beyond all bounds',
      () => frame(FrameType.WINDOW_UPDATE, 0, 0, uint32s(2 ** 31 - 1)),
      ErrorCode.FLOW_CONTROL_ERROR,
    ],
    [
      'a frame within headers',
      (s) => Buffer.concat([frame(FrameType.HEADERS, 0, s, Buffer.from([0x88])), settings()]),
      ErrorCode.PROTOCOL_ERROR,
    ],
    ['CONTINUATION of nothing', (s) => frame(FrameType.CONTINUATION, 0, s), ErrorCode.PROTOCOL_ERROR],
    [
      'headers without an end',
      (s) =>
        Buffer.concat([
          frame(FrameType.HEADERS, 0, s),
          ...Array.from({ length: 100 }, () => frame(FrameType.CONTINUATION, 0, s)),
        ]),
      ErrorCode.ENHANCE_YOUR_CALM,
    ],
    [
      'more padding than frame',
      (s) => frame(FrameType.DATA, Flag.PADDED, s, Buffer.from([9, 1])),
      ErrorCode.PROTOCOL_ERROR,
    ],
  ])(
    'by %s: the calls are lost, the connection ends with the code, and the next call has a new one',
    async (_, bytes, code) => {
      const { server, call } = await raw.serve({
        request: (peer, stream, turn) => peer.send(turn === 1 ? bytes(stream) : answer(stream, 'better')),
      });
      await expect(call()).rejects.toMatchObject(failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'));
      await eventually(() => expect(server.peers[0]?.of(FrameType.GOAWAY)[0]?.payload.readUInt32BE(4)).toBe(code));
      expect(await call()).toBe('better');
    },
  );

  it('and goes on talking is not listened to: what it says cannot be told apart any more', async () => {
    const broken = frame(FrameType.SETTINGS, 0, 0, Buffer.alloc(5));
    const noise = frame(
      FrameType.PRIORITY,
      0,
      1,
      Buffer.alloc(64 * 1024 - broken.length - 5 * FRAME_HEADER - 4 * 16_000),
    );
    const filler = Array.from({ length: 4 }, () => frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(16_000)));
    const { call } = await raw.serve({
      request: (peer, stream) => peer.send(broken, noise, ...filler, answer(stream, 'nonsense')), // in the second read
    });
    await expect(call()).rejects.toMatchObject(failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'));
  });

  it('by asking without end and reading no answers is left', async () => {
    const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(FrameType.PING, 0, 0, Buffer.alloc(8))));
    const { server, call } = await raw.serve({
      request(peer) {
        peer.socket.pause();
        const flood = () => {
          if (!peer.socket.destroyed) peer.socket.write(pings, flood);
        };
        flood();
      },
    });
    await expect(call()).rejects.toMatchObject(failure('unknown', UNAVAILABLE));
    expect(server.peers[0]?.of(FrameType.HEADERS).length).toBe(1);
  });
});

describe('a peer that goes without a word', () => {
  it('while nothing is under way costs no call', async () => {
    const { server, call } = await raw.serve({ request: (peer, stream) => peer.send(answer(stream, 'ok')) });
    expect(await call()).toBe('ok');
    server.peers[0]?.socket.end();
    await eventually(() => expect(server.peers[0]?.socket.destroyed).toBe(true));
    expect(await call()).toBe('ok');
    expect(server.peers.length).toBe(2);
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)('by %s loses what is under way, at once', async (leave) => {
    const { call } = await raw.serve({ request: (peer) => peer.socket[leave]() });
    await expect(call({ deadline: Date.now() + 60_000 })).rejects.toMatchObject(
      failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'),
    );
  });

  it('and closes nothing is asked for a sign of life, and given up', async () => {
    const { server, call } = await raw.serve({});
    await expect(call({ deadline: Date.now() + 60_000 })).rejects.toMatchObject(
      failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'),
    );
    expect(server.peers[0]?.of(FrameType.PING).length).toBe(1);
  });
});

it('waits for a peer that takes its time, as long as the policy says', async () => {
  const { server, call } = await raw.serve({ greeting: Buffer.alloc(0) });
  const waits = call({ connectTimeout: 30_000, deadline: Date.now() + 60_000 });
  await eventually(() => expect(server.peers).toHaveLength(1));
  await sleep(1_200); // longer than it has without
  server.peers[0]?.send(settings());
  await eventually(() => expect(server.peers[0]?.of(FrameType.HEADERS)).toHaveLength(1));
  server.peers[0]?.send(answer(1, 'late'));
  expect(await waits).toBe('late');
  expect(server.peers).toHaveLength(1);
});
