import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { ErrorCode, Flag, FrameType } from '../http2/frame.js';
import { HEAD, RawCalls, type Script, answer, body, failure, frame, headers, uint32s } from './raw-server.fixture.js';

const { CANCELLED, INTERNAL, NOT_FOUND, UNAVAILABLE, UNIMPLEMENTED, UNKNOWN } = Code;

let raw: RawCalls;
beforeEach(() => {
  raw = new RawCalls();
});
afterEach(() => raw.end());

describe('an answer', () => {
  const given = (...frames: readonly ((stream: number) => Buffer)[]): Script => ({
    request: (peer, stream) => peer.send(...frames.map((each) => each(stream))),
  });
  const head =
    (fields: Record<string, string> = HEAD) =>
    (stream: number) =>
      headers(stream, fields);
  const data =
    (bytes: Buffer, flags = 0) =>
    (stream: number) =>
      frame(FrameType.DATA, flags, stream, bytes);
  const end = (fields: Record<string, string>) => (stream: number) => headers(stream, fields, Flag.END_STREAM);
  const ok = end({ 'grpc-status': '0' });

  it('that has come counts, though this process was too busy to read it in time', async () => {
    const patience = 1_500; // for the way there
    const { call } = await raw.serve({
      request(peer, stream) {
        peer.send(answer(stream, 'here'));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience); // the whole process, and with it the client
      },
    });
    expect(await call({ deadline: Date.now() + patience })).toBe('here');
  });

  it.each<[string, Script, object]>([
    [
      'of trailers only',
      given(end({ ...HEAD, 'grpc-status': '5', 'grpc-message': 'no%20post' })),
      { outcome: 'final', error: { code: NOT_FOUND, message: 'no post' } },
    ],
    [
      'whose message has stray percent signs',
      given(end({ ...HEAD, 'grpc-status': '5', 'grpc-message': '100%' })),
      { error: { message: '100%' } },
    ],
    ['with a status that is none', given(end({ ...HEAD, 'grpc-status': 'abc' })), failure('final', UNKNOWN)],
    [
      'without trailers',
      given(head(), data(body('x'), Flag.END_STREAM)),
      failure('final', INTERNAL, 'ANSWER_MALFORMED'),
    ],
    ['without a message', given(head(), ok), failure('final', INTERNAL, 'ANSWER_MALFORMED')],
    [
      'with half a message',
      given(head(), data(body('hello').subarray(0, 7)), ok),
      failure('final', INTERNAL, 'ANSWER_MALFORMED'),
    ],
    [
      'with two messages',
      given(head(), data(Buffer.concat([body('a'), body('b')])), ok),
      failure('final', INTERNAL, 'ANSWER_MALFORMED'),
    ],
    [
      'that is compressed',
      given(head(), data(Buffer.from([1, 0, 0, 0, 1, 9])), ok),
      failure('final', INTERNAL, 'ANSWER_MALFORMED'),
    ],
    [
      'that announces too much',
      given(head(), data(Buffer.from([0, 255, 255, 255, 255]))),
      failure('final', INTERNAL, 'ANSWER_TOO_LARGE'),
    ],
    [
      'of a proxy that has nobody behind it',
      given(end({ ':status': '503' })),
      failure('final', UNAVAILABLE, 'NOT_GRPC'),
    ],
    [
      'of another kind of server',
      given(head({ ':status': '404' }), data(Buffer.from('<html>'), Flag.END_STREAM)),
      failure('final', UNIMPLEMENTED, 'NOT_GRPC'),
    ],
    [
      'of a web page',
      given(head({ ':status': '200', 'content-type': 'text/html' }), data(Buffer.from('<p>'), Flag.END_STREAM)),
      failure('final', UNKNOWN, 'NOT_GRPC'),
    ],
  ])('%s', async (_, script, expected) => {
    const { call } = await raw.serve(script);
    await expect(call()).rejects.toMatchObject(expected);
  });

  it('may come in pieces of one byte, padded, among frames that nobody knows', async () => {
    const padded = (stream: number) => {
      const bytes = Buffer.concat([Buffer.from([3]), body('hello'), Buffer.alloc(3)]);
      return frame(FrameType.DATA, Flag.PADDED, stream, bytes);
    };
    const unknown = (stream: number) => frame(200, 255, stream, randomBytes(50));
    const { call } = await raw.serve({
      async request(peer, stream) {
        const bytes = Buffer.concat([unknown(stream), head()(stream), unknown(0), padded(stream), ok(stream)]);
        for (const byte of bytes) {
          peer.socket.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
      },
    });
    expect(await call()).toBe('hello');
  });

  it('after the caller gave up harms nobody', async () => {
    const { server, call } = await raw.serve({
      request(peer, stream, turn) {
        if (turn === 2) peer.send(answer(1, 'late'), answer(stream, 'second'));
      },
    });
    const caller = new AbortController();
    const first = call({ signal: caller.signal });
    await eventually(() => expect(server.peers[0]?.of(FrameType.DATA).length).toBe(1));
    caller.abort();
    await expect(first).rejects.toMatchObject(failure('final', CANCELLED));
    expect(await call()).toBe('second');
    expect(server.peers[0]?.of(FrameType.RST_STREAM)[0]).toMatchObject({
      stream: 1,
      payload: uint32s(ErrorCode.CANCEL),
    });
    expect(server.peers.length).toBe(1);
  });
});
