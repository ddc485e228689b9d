import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.js';
import { FaultProxy } from './fault-proxy.js';

/** Answers each chunk with itself in capitals. */
const shouter = () => createServer((socket) => socket.on('data', (chunk) => socket.write(String(chunk).toUpperCase())));

describe('a fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  let client: Client;
  let accepted: Socket[];

  beforeEach(async () => {
    accepted = [];
    server = shouter().listen(0, '127.0.0.1');
    server.on('connection', (socket) => accepted.push(socket));
    await once(server, 'listening');
    proxy = new FaultProxy(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    await proxy.listen();
    client = await Client.to(proxy.address);
  });
  afterEach(async () => {
    client.socket.destroy();
    await proxy.close();
    server.close();
  });

  it('passes on what comes, in both directions, and the end of it', async () => {
    client.socket.end('hello');
    await eventually(() => expect([client.heard, client.closed]).toEqual(['HELLO', true]));
    await eventually(() => expect(proxy.connections).toBe(0));
  });

  it('is a black hole while frozen, for new connections too, and loses nothing', async () => {
    proxy.freeze();
    client.socket.write('one');
    const late = await Client.to(proxy.address);
    late.socket.write('two');
    await sleep(50);
    expect([client.heard, late.heard, client.closed, late.closed]).toEqual(['', '', false, false]);
    await proxy.pass();
    await eventually(() => expect([client.heard, late.heard]).toEqual(['ONE', 'TWO']));
    late.socket.destroy();
  });

  it('keeps the end of a connection to itself while frozen', async () => {
    const target = await eventually(() => accepted[0] ?? Promise.reject(new Error('not connected yet')));
    proxy.freeze();
    target.end();
    await sleep(50);
    expect([client.closed, proxy.connections]).toEqual([false, 1]);
    await proxy.pass();
    await eventually(() => expect([client.closed, proxy.connections]).toEqual([true, 0]));
  });

  it('cuts what is open and lets new connections through', async () => {
    proxy.cut();
    await eventually(() => expect(client.closed).toBe(true));
    const next = await Client.to(proxy.address);
    next.socket.end('again');
    await eventually(() => expect(next.heard).toBe('AGAIN'));
  });

  it('refuses connections, and takes them again at the same address', async () => {
    const { address } = proxy;
    await proxy.refuse();
    await eventually(() => expect(client.closed).toBe(true));
    await expect(Client.to(address)).rejects.toThrow('ECONNREFUSED');
    await proxy.pass();
    expect(proxy.address).toBe(address);
    const next = await Client.to(address);
    next.socket.end('back');
    await eventually(() => expect(next.heard).toBe('BACK'));
  });

  it('delays without changing the order', async () => {
    proxy.delay(40);
    for (const word of ['a', 'b']) client.socket.write(word);
    await sleep(10);
    proxy.delay(0);
    client.socket.write('c');
    await eventually(() => expect(client.heard).toBe('ABC'));
  });

  it('loses the answer to one request with its connection, after it was delivered', async () => {
    const delivered: string[] = [];
    server.on('connection', (socket) => socket.on('data', (chunk) => delivered.push(String(chunk))));
    const other = await Client.to(proxy.address);
    proxy.loseNextAnswer((request) => String(request) === 'pay');
    other.socket.write('look');
    await eventually(() => expect(other.heard).toBe('LOOK'));
    other.socket.write('pay');
    await eventually(() => expect(other.closed).toBe(true));
    expect([other.heard, delivered, proxy.lost]).toEqual(['LOOK', ['look', 'pay'], 1]);
  });
});

class Client {
  heard = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => (this.heard += String(chunk)));
    socket.on('close', () => (this.closed = true)).on('error', () => socket.destroy());
  }

  static async to(address: string): Promise<Client> {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    await once(socket, 'connect');
    return new Client(socket);
  }
}
