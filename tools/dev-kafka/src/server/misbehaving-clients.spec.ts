import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { Broker } from '../broker.js';
import { silent } from '../logger.js';
import { type Listening, listen } from './listen.js';

const LIMITS = {
  maxConnections: 3,
  maxRequestBytes: 1_000,
  maxPendingBytes: 1_500,
  transferWithinMs: 100,
  idleMs: 60_000,
};
const TOPIC_LIMITS = {
  segmentBytes: 10_000,
  retentionBytes: 10_000,
  retentionMs: 10_000,
  maxBatchBytes: 1_000,
  maxPartitions: 10,
  defaultPartitions: 1,
};

let dataDir: string;
let broker: Broker;
let server: Listening;
let warnings: string[];
let sockets: Socket[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'dev-kafka-'));
  warnings = [];
  sockets = [];
  const logger = { ...silent, warn: (fields: object, message: string) => void warnings.push(message) };
  broker = new Broker({ dataDir, limits: TOPIC_LIMITS, logger, now: Date.now });
  server = await listen({ broker, host: '127.0.0.1', port: 0, limits: LIMITS, logger });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
  broker.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A connection that has been accepted or refused. */
async function client(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** A request with this head and no body. */
function request(key: number, version: number): Buffer {
  const frame = Buffer.alloc(14);
  frame.writeInt32BE(10, 0);
  frame.writeInt16BE(key, 4);
  frame.writeInt16BE(version, 6);
  frame.writeInt32BE(42, 8);
  frame.writeInt16BE(-1, 12);
  return frame;
}

const closed = (socket: Socket) => once(socket, 'close');

async function isServed(): Promise<boolean> {
  const socket = await client();
  socket.write(request(18, 2));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.readInt32BE(4) === 42 && answer.readInt16BE(8) === 0;
}

describe('a client that misbehaves loses its connection, and others are served on', () => {
  it.each([
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\nhost: kafka\r\n\r\n')],
    ['claims a request beyond the limit', Buffer.from([0, 0, 4, 0])],
    ['claims a negative length', Buffer.from([255, 255, 255, 255])],
    ['asks for what is not understood', request(36, 0)],
    ['asks in a version that is not understood', request(3, 1)],
    ['ends its request too early', request(3, 6)],
  ])('when it %s', async (_how, bytes) => {
    const socket = await client();
    socket.write(bytes);
    await closed(socket);
    expect(warnings).toEqual(['A connection is closed']);
    expect(await isServed()).toBe(true);
  });

  it('when it does not finish a request in time', async () => {
    const socket = await client();
    socket.write(request(18, 2).subarray(0, 9));
    await closed(socket);
    expect(await isServed()).toBe(true);
  });

  it('when all together keep too much of incomplete requests', async () => {
    const [first, second] = [await client(), await client()];
    const partial = Buffer.alloc(900);
    partial.writeInt32BE(1_000, 0);
    first.write(partial);
    second.write(partial);
    await Promise.race([closed(first), closed(second)]);
    expect(await isServed()).toBe(true);
  });

  it('when there are too many of them', async () => {
    const three = [await client(), await client(), await client()];
    const fourth = await client();
    await closed(fourth);
    expect(warnings).toEqual(['A connection too many is refused']);
    three[0]?.destroy();
    await eventually(async () => expect(await isServed()).toBe(true));
  });
});

it('an ApiVersions request that is too new is answered in the oldest form, as Kafka does', async () => {
  const socket = await client();
  socket.write(request(18, 9));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect([answer.readInt32BE(4), answer.readInt16BE(8)]).toEqual([42, 35]);
});
