import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { ErrorCode, FrameType, Setting } from '../http2/frame.js';
import {
  HEAD,
  RawCalls,
  answer,
  failure,
  frame,
  goaway,
  headers,
  reset,
  settings,
  uint32s,
} from './raw-server.fixture.js';

const { RESOURCE_EXHAUSTED, UNAVAILABLE } = Code;

let raw: RawCalls;
beforeEach(() => {
  raw = new RawCalls();
});
afterEach(() => raw.end());

describe('GOAWAY', () => {
  it('moves a call that the peer never looked at to a new connection, and lets the others finish', async () => {
    const { server, call } = await raw.serve({
      request(peer, stream, turn) {
        if (turn === 2) {
          peer.send(goaway(1, ErrorCode.NO_ERROR));
          setImmediate(() => peer.send(answer(1, 'first')));
        }
        if (turn > 2) peer.send(answer(stream, 'again'));
      },
    });
    expect(await Promise.all([call(), call()])).toEqual(['first', 'again']);
    expect(server.peers.length).toBe(2);
    await eventually(() => expect(server.peers[0]?.socket.readableEnded).toBe(true)); // the old one was closed
  });

  it('in two steps, as servers do that drain, loses nothing', async () => {
    const { server, call } = await raw.serve({
      request(peer, stream, turn) {
        if (turn === 1) peer.send(goaway(2 ** 31 - 1, ErrorCode.NO_ERROR), goaway(stream, ErrorCode.NO_ERROR));
        peer.send(answer(stream, `${turn}`));
      },
    });
    expect(await call()).toBe('1');
    expect(await call()).toBe('2');
    expect(server.peers.length).toBe(2);
  });

  it('with an error still tells calls apart: seen ones may have happened, others not', async () => {
    const { call } = await raw.serve({
      request(peer, _stream, turn) {
        if (turn === 2) {
          peer.send(goaway(1, ErrorCode.ENHANCE_YOUR_CALM));
          peer.socket.end();
        }
        if (turn === 3) peer.send(goaway(0, ErrorCode.NO_ERROR));
      },
    });
    const [seen, unseen] = [call(), call()];
    await expect(seen).rejects.toMatchObject(failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'));
    await expect(unseen).rejects.toMatchObject(failure('unsent', UNAVAILABLE, 'CALL_REFUSED')); // moved once, not for ever
  });
});

describe('a reset', () => {
  it.each([
    [ErrorCode.REFUSED_STREAM, failure('unsent', UNAVAILABLE, 'CALL_REFUSED')],
    [ErrorCode.ENHANCE_YOUR_CALM, failure('unknown', RESOURCE_EXHAUSTED, 'PEER_OVERLOADED')],
    [ErrorCode.CANCEL, failure('unknown', UNAVAILABLE, 'CONNECTION_LOST')],
    [ErrorCode.PROTOCOL_ERROR, failure('unknown', UNAVAILABLE, 'CONNECTION_LOST')],
    [99, failure('unknown', UNAVAILABLE, 'CONNECTION_LOST')],
  ])('with code %i', async (code, expected) => {
    const { server, call } = await raw.serve({ request: (peer, stream) => peer.send(reset(stream, code)) });
    await expect(call()).rejects.toMatchObject(expected);
    await expect(call()).rejects.toMatchObject(expected);
    expect(server.peers.length).toBe(1); // the connection is none the worse
  });

  it('in the middle of an answer leaves the outcome unknown', async () => {
    const { call } = await raw.serve({
      request: (peer, stream) => peer.send(headers(stream, HEAD), reset(stream, ErrorCode.CANCEL)),
    });
    await expect(call()).rejects.toMatchObject(failure('unknown', UNAVAILABLE, 'CONNECTION_LOST'));
  });

  it('after the answer changes nothing', async () => {
    const { call } = await raw.serve({
      request: (peer, stream) => peer.send(answer(stream, 'ok'), reset(stream, ErrorCode.NO_ERROR)),
    });
    expect(await call()).toBe('ok');
    expect(await call()).toBe('ok');
  });
});

describe('limits of the peer', () => {
  it('on calls at once make calls wait, and open more connections', async () => {
    const { server, call } = await raw.serve({
      greeting: settings([Setting.MAX_CONCURRENT_STREAMS, 2]),
      request: (peer, stream) => setTimeout(() => peer.send(answer(stream, 'ok')), 5),
    });
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => call())))).toEqual(new Set(['ok']));
    expect(server.peers.length).toBeGreaterThan(1);
    expect(server.peers.length).toBeLessThanOrEqual(8);
    for (const peer of server.peers) expect(peer.of(FrameType.GOAWAY)).toEqual([]);
  });

  it('that let nobody in are known to have sent nothing', async () => {
    const { call } = await raw.serve({ greeting: settings([Setting.MAX_CONCURRENT_STREAMS, 0]) });
    const answer = call({ deadline: Date.now() + 1_500 });
    await expect(answer).rejects.toMatchObject(failure('unsent', RESOURCE_EXHAUSTED, 'TOO_MANY_CALLS'));
  });

  it('on what it takes at once are kept, byte by byte, also when it changes its mind', async () => {
    const request = randomBytes(1_000);
    const { server, call } = await raw.serve({
      greeting: settings([Setting.INITIAL_WINDOW_SIZE, 10]),
      request: (peer, stream) => peer.send(answer(stream, 'whole')),
    });
    const whole = call({ request });
    const sent = () => Buffer.concat((server.peers[0]?.of(FrameType.DATA) ?? []).map(({ payload }) => payload));
    await eventually(() => expect(sent().length).toBe(10));
    server.peers[0]?.send(
      settings([Setting.INITIAL_WINDOW_SIZE, 0]),
      frame(FrameType.WINDOW_UPDATE, 0, 1, uint32s(15)),
    );
    await eventually(() => expect(sent().length).toBe(15));
    server.peers[0]?.send(settings([Setting.INITIAL_WINDOW_SIZE, 5_000]));
    expect(await whole).toBe('whole');
    expect(sent().subarray(5).equals(request)).toBe(true);
  });
});
