import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';
import { startDevJaeger } from './start-dev-jaeger.js';

const main = join(import.meta.dirname, '../dist/main.js');

/** The compiled process as the launcher starts it. */
function start(env: Record<string, string>): { child: ChildProcess; stderr: () => string } {
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, stderr: () => stderr };
}

describe('the dev-jaeger process', () => {
  it('says over IPC where it listens and ends with its launcher', async () => {
    const { child } = start({ JAEGER_PORT: '0', OTLP_PORT: '0' });
    const [message] = (await once(child, 'message')) as [{ addresses: { http: string; otlp: string } }];
    expect(message).toEqual({
      type: 'ready',
      addresses: {
        http: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        otlp: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      },
    });
    expect((await fetch(`http://${message.addresses.http}/api/services`)).status).toBe(200);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends in order when its launcher goes away while it starts', async () => {
    const { child, stderr } = start({ JAEGER_PORT: '0', OTLP_PORT: '0' });
    child.disconnect();
    expect([await once(child, 'exit'), stderr()]).toEqual([[0, null], '']);
  });

  it('names the port that is in use and the variable to change, in one line', async () => {
    const other = await startDevJaeger();
    const port = new URL(other.jaegerUrl).port;
    const { child, stderr } = start({ JAEGER_PORT: port, OTLP_PORT: '0' });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr()).toBe(`Port ${port} is in use: set JAEGER_PORT to another one (0 takes a free one)\n`);
    await other.stop();
  });

  it('refuses production and bad variables before it listens', async () => {
    const { child, stderr } = start({ NODE_ENV: 'production', JAEGER_PORT: '0', OTLP_PORT: 'x' });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr()).toMatch(/^NODE_ENV: dev-jaeger is for development and tests.*\nOTLP_PORT: .*\n$/);
  });

  it('has the ports that people know unless told otherwise', () => {
    expect(readConfig({})).toEqual({ host: '127.0.0.1', jaegerPort: 16_686, otlpPort: 4_318 });
  });
});
