import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { ChildBroker } from './child-broker.fixture.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'dev-kafka-main-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the process', () => {
  it.each(['SIGTERM', 'disconnect'] as const)('says where it is and ends on %s', async (how) => {
    const child = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    expect(await child.ready()).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await child.end(how)).toBe(0);
  });

  it('ends in order when its launcher goes away while it starts', async () => {
    const child = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    expect([await child.end('disconnect'), child.stderr]).toEqual([0, '']);
  });

  it('logs as the services do: level as a word, time as ISO 8601', async () => {
    const child = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    await child.ready();
    await child.end('SIGTERM');
    await eventually(() => expect(child.stdout).toContain('\n'));
    expect(JSON.parse(child.stdout.split('\n')[0] ?? '')).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      name: 'dev-kafka',
    });
  });

  it('names every bad variable at once, and never runs in production', async () => {
    const child = new ChildBroker({ NODE_ENV: 'production', DEV_KAFKA_PORT: '70000' });
    expect(await child.exited).toBe(1);
    const variables = child.stderr
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(variables).toEqual(['NODE_ENV', 'DEV_KAFKA_DATA_DIR', 'DEV_KAFKA_PORT']);
  });

  it('names the port that is in use and the variable to change, in one line', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const child = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir, DEV_KAFKA_PORT: `${port}` });
    expect(await child.exited).toBe(1);
    expect(child.stderr).toBe(`Port ${port} on 127.0.0.1 is in use: set DEV_KAFKA_PORT to another one\n`);
    holder.close();
  });

  it('does not share its folder with another one', async () => {
    const first = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    await first.ready();
    const second = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    expect(await second.exited).toBe(1);
    expect(second.stderr).toBe(`Another dev-kafka uses ${dataDir}\n`);
    await first.end('SIGKILL');
    const third = new ChildBroker({ DEV_KAFKA_DATA_DIR: dataDir });
    await third.ready();
    await third.end('SIGTERM');
  });
});
