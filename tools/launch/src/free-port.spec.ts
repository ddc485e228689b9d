import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isFree } from './free-port.js';

describe('a free port', () => {
  it('is none that an outgoing connection may be given', async () => {
    for (let count = 0; count < 50; count += 1) {
      const port = await freePort();
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });

  it('is none that somebody listens on', async () => {
    const taken = await freePort();
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    expect(await isFree(taken)).toBe(false);
    const offers = [taken, taken, taken - 1 < 20_000 ? taken + 1 : taken - 1];
    expect(await freePort(() => offers.shift() ?? 20_000)).not.toBe(taken);
    server.close();
    await once(server, 'close');
    await expect(freePort(() => taken)).resolves.toBe(taken);
  });
});
