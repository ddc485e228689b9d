import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from './caller.js';
import { PlainService, greet } from './plain-service.js';
import { World } from './world.js';

/** As in the services' own files. */
const TTL_MS = 3000;

/** The tests of one service that registers with plain requests, whatever it is written in. */
export function plainServiceStory(command: string, file: string): void {
  let world: World;
  let caller: Caller;
  let gateway: string;
  let service: PlainService;

  const found = (instanceId: string) => caller.pool('plain').includes(instanceId);
  const start = async (instanceId: string) => {
    service = new PlainService(command, file, world, instanceId);
    await eventually(() => {
      if (!found(instanceId)) throw new Error(`not found yet. ${service.complaints}`);
    });
  };

  beforeAll(async () => {
    world = await World.start();
    [caller, gateway] = await Promise.all([world.caller(), world.gateway()]);
  });
  afterEach(() => service.end('SIGKILL'));
  afterAll(() => world.stop());

  it('is found, and called through libs/rpc, for longer than its TTL', async () => {
    await start('plain-1');
    expect(await greet(caller, 'Ada')).toEqual({ status: 200, body: { greeting: 'Hello Ada', instance: 'plain-1' } });
    await sleep(1.5 * TTL_MS);
    expect(caller.pool('plain')).toEqual(['plain-1']);
    expect((await greet(caller, 'again')).status).toBe(200);
    expect(service.complaints).toBe('');
    await service.end('SIGTERM');
  });

  it('is reached through the gateway, as it is, for as long as it is there', async () => {
    await start('plain-gateway');
    const at = (version: string) => `${gateway}/api/v1/plain/${version}/greeting?name=Ada%20%26%20Co`;
    const got = await eventually(async () => {
      const answer = await fetch(at('1.0.0'));
      if (answer.status === 404) throw new Error('the gateway has not heard of it yet');
      return answer;
    });
    expect([got.status, got.headers.get('content-type'), got.headers.get('x-service-version')]).toEqual([
      ...[200, 'application/json', '1.0.0'],
    ]);
    expect(await got.json()).toEqual({ greeting: 'Hello Ada & Co', instance: 'plain-gateway' });
    const words = 'x'.repeat(200_000);
    const echo = await fetch(`${gateway}/api/v1/plain/1.0.0/echo`, { method: 'POST', body: words });
    expect([echo.status, await echo.text()]).toEqual([201, words]);
    expect((await fetch(`${gateway}/api/v1/plain/1.0.0/nothing`)).status).toBe(404);
    expect(await (await fetch(at('2.0.0'))).json()).toMatchObject({
      status: 404,
      detail: 'plain has no version 2.0.0; there is 1.0.0',
    });
    await service.end('SIGTERM');
    await eventually(async () => expect((await fetch(at('1.0.0'))).status).toBe(503));
  });

  it('leaves when it is asked to end', async () => {
    await start('plain-2');
    await service.end('SIGTERM');
    await eventually(() => expect(found('plain-2')).toBe(false), TTL_MS - 500, 10); // before its lease ends
    await expect(greet(caller, 'Ada')).rejects.toMatchObject({ reason: 'NO_INSTANCE' });
  });

  it('is gone after its TTL when it is killed', async () => {
    await start('plain-3');
    await service.end('SIGKILL');
    const killed = performance.now();
    await eventually(() => expect(found('plain-3')).toBe(false), 3 * TTL_MS);
    console.log(`gone ${(performance.now() - killed).toFixed(0)} ms after it was killed, with a TTL of ${TTL_MS} ms`);
  });
}
