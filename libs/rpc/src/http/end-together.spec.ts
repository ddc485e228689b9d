import { once } from 'node:events';
import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SHORT, endTogether } from './end-together.js';

let server: Server;
let url: string;
let respond: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((_, response) => respond(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it.each([0, 1, 256, SHORT, SHORT + 1])('sends a body of %d bytes as it is, whatever they are', async (length) => {
  const all = Buffer.from(Uint8Array.from({ length: length + 7 }, (_, n) => n));
  const body = new Uint8Array(all.buffer, all.byteOffset + 7, length);
  respond = (response) => endTogether(response.writeHead(200, { 'content-length': length }), body);
  expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(Buffer.from(body));
});

it('ends it when the turn of the loop is over', async () => {
  const ended: boolean[] = [];
  respond = (response) => {
    endTogether(response, Buffer.from('x'));
    ended.push(response.writableEnded);
    setImmediate(() => ended.push(response.writableEnded));
  };
  await (await fetch(url)).text();
  expect(ended).toEqual([false, true]);
});
