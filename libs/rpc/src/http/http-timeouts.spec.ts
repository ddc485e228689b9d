import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import type { HttpBody, HttpCall } from '../rpc.js';
import { RawShop, type Script, saying, told } from './raw-http.fixture.js';

const GET: HttpCall = { service: 'shop', method: 'GET', path: '/' };
const PUT: HttpCall = { ...GET, method: 'PUT' };
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n';
const HERE = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere';
/** More than two sockets on one machine hold. */
const SIZE = 20_000_000;
const ASIDE = ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'] as const;

const shop = new RawShop();
beforeEach(() => void jest.useFakeTimers({ doNotFake: [...ASIDE] }));
afterEach(() => {
  jest.useRealTimers();
  shop.close();
});

const silent: Script = () => undefined;
/** What has come to the first instance so far ends like this. */
const arrived = (end: string) =>
  eventually(() => expect(shop.received[0] ?? '').toMatch(new RegExp(`${end}$`)), 2_000, 5);
const pass = (ms: number) => jest.advanceTimersByTime(ms);

/** Reads on in the background, and tells what has come. */
function reading(body: HttpBody) {
  const sink = new PassThrough();
  const seen: string[] = [];
  sink.on('data', (piece) => seen.push(String(piece)));
  const done = body.pipeTo(sink).then(
    () => 'whole',
    ({ reason, code }) => reason ?? code,
  );
  return { sink, done, has: (text: string) => eventually(() => expect(seen.join('')).toBe(text), 2_000, 5) };
}

describe('readTimeout', () => {
  const policies = { defaults: { readTimeout: 500 } };
  const tooSlow = { code: Code.DEADLINE_EXCEEDED, reason: 'READ_TIMEOUT' };

  it('ends the wait for an answer that does not begin', async () => {
    const rpc = await shop.open([silent, silent], policies);
    const answer = rpc.http({ ...GET, method: 'POST' });
    await arrived('\r\n\r\n');
    pass(500);
    await expect(answer).rejects.toMatchObject(tooSlow);
    expect(shop.servers[1]?.peers).toEqual([]);
  });

  it('sends what may be repeated to another instance', async () => {
    const rpc = await shop.open([silent, saying(HERE)], {
      defaults: { ...policies.defaults, retries: { backoff: 1 } },
    });
    const answer = rpc.http(GET);
    await arrived('\r\n\r\n');
    pass(500);
    await eventually(() => {
      pass(1); // the pause before the retry
      expect(shop.received).toHaveLength(2);
    });
    const { attempts, body } = await answer;
    expect([attempts, await told(body)]).toEqual([2, 'here']);
  });

  it('ends the wait for the next piece, and starts anew with each', async () => {
    const rpc = await shop.open([saying(`${HEAD}a`)], policies);
    const { body } = await rpc.http({ ...GET, bodyDeadline: Infinity });
    const { sink, done, has } = reading(body);
    await has('a');
    for (const text of ['ab', 'abc', 'abcd']) {
      pass(400);
      shop.servers[0]?.peers[0]?.socket.write(text.slice(-1));
      await has(text);
    }
    pass(500);
    expect(await done).toBe('READ_TIMEOUT');
    expect([sink.destroyed, sink.writableEnded]).toEqual([true, false]);
  });

  it('does not run while the request is on its way, nor while nobody reads', async () => {
    const whole = 'x'.repeat(SIZE);
    const rpc = await shop.open(
      [
        ({ socket, received }) => {
          if (received.endsWith('0\r\n\r\n'))
            socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${SIZE}\r\n\r\n${whole}`);
        },
      ],
      policies,
    );
    const source = new PassThrough();
    const answer = rpc.http({ ...PUT, body: source, bodyDeadline: Infinity });
    source.write('first');
    await arrived('first');
    pass(2_000);
    source.end('last');
    const { body } = await answer;
    await eventually(() => expect(shop.servers[0]?.peers[0]?.socket.writableNeedDrain).toBe(true));
    pass(2_000);
    expect((await body.bytes(SIZE)).length).toBe(SIZE);
  });
});

describe('the deadline', () => {
  it('is one thing for the answer, and another for its body when that has one of its own', async () => {
    const rpc = await shop.open([saying(`${HEAD}first`)]);
    const { body } = await rpc.http({ ...GET, deadline: Date.now() + 100, bodyDeadline: Date.now() + 1_000 });
    const { done, has } = reading(body);
    await has('first');
    pass(900);
    shop.servers[0]?.peers[0]?.socket.write('last');
    await has('firstlast');
    expect(await done).toBe('whole');
  });

  it('ends the body too when that has none', async () => {
    const rpc = await shop.open([saying(`${HEAD}first`)]);
    const { body } = await rpc.http({ ...GET, deadline: Date.now() + 100 });
    const { done, has } = reading(body);
    await has('first');
    pass(100);
    expect(await done).toBe(Code.DEADLINE_EXCEEDED);
  });
});

describe('writeTimeout', () => {
  const policies = { defaults: { writeTimeout: 500 } };
  const takesNothing: Script = ({ socket }) => void socket.pause();
  const endless = () => {
    const body: Readable = new Readable({ read: () => void body.push(Buffer.alloc(65_536)) });
    return body;
  };

  it.each([
    ['a stream', endless],
    ['memory', () => Buffer.alloc(SIZE)],
  ])('ends a request from %s of which the instance takes no more', async (_, body) => {
    const rpc = await shop.open([takesNothing], policies);
    const ended: unknown[] = [];
    rpc
      .http({ ...PUT, body: body(), idempotent: false, deadline: Infinity })
      .catch((error: unknown) => ended.push(error));
    await eventually(() => {
      pass(500); // in vain as long as it takes any
      expect(ended).toHaveLength(1);
    });
    expect(ended).toMatchObject([{ code: Code.DEADLINE_EXCEEDED, reason: 'WRITE_TIMEOUT' }]);
  });

  it('does not run while the caller is the slow one', async () => {
    const rpc = await shop.open(
      [({ socket, received }) => received.endsWith('0\r\n\r\n') && socket.write(HERE)],
      policies,
    );
    const source = new PassThrough();
    const answer = rpc.http({ ...PUT, body: source });
    source.write('first');
    await arrived('first');
    pass(2_000);
    source.end('last');
    expect(await told((await answer).body)).toBe('here');
  });
});
