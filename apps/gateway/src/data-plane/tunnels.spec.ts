import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { Tunnels } from './tunnels.js';

/** A connection: its near end, as the gateway has it, and its far end. */
async function connection(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  far.on('error', () => undefined);
  return { near, far };
}

async function tunnel(tunnels: Tunnels, withinMs = Infinity): Promise<{ client: Socket; service: Socket }> {
  const [client, service] = await Promise.all([connection(), connection()]);
  tunnels.join(client.near, service.near, withinMs);
  return { client: client.far, service: service.far };
}

const bothClose = (...sides: Socket[]) => Promise.all(sides.map((side) => once(side.resume(), 'close')));

describe('a tunnel', () => {
  it('lets one side end its part and hear the rest', async () => {
    const { client, service } = await tunnel(new Tunnels());
    client.end('question');
    expect(await text(service)).toBe('question');
    service.end('answer');
    expect(await text(client)).toBe('answer');
  });

  it('passes on all of what a side said before it ended, whatever the other goes on saying', async () => {
    const { client, service } = await tunnel(new Tunnels());
    const words = 'x'.repeat(4 * 1_048_576);
    service.end(words);
    const chatter = setInterval(() => client.write('more'), 1);
    expect((await text(client)).length).toBe(words.length);
    clearInterval(chatter);
    client.end();
    await bothClose(client, service);
  });

  it('is cut when nothing moves in it', async () => {
    const { client, service } = await tunnel(new Tunnels(50));
    await bothClose(
      client.on('end', () => client.end()),
      service.on('end', () => service.end()),
    );
  });

  it('ends when its time is over, and cuts off who does not end', async () => {
    const { client, service } = await tunnel(new Tunnels(), 0);
    service.once('end', () => service.end());
    await bothClose(service);
    client.end();
    await bothClose(client);
  });

  it('breaks as a whole', async () => {
    const { client, service } = await tunnel(new Tunnels());
    client.resetAndDestroy();
    service.once('end', () => service.end());
    await bothClose(service);
  });
});
