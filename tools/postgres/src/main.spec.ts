import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { Client } from 'pg';
import type { Ready } from './main.js';

const main = join(import.meta.dirname, '../dist/main.js');

describe('the postgres process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postgres-spec-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says over IPC where it listens, and ends PostgreSQL when its launcher is gone', async () => {
    const child = start();
    const ready = await readiness(child);
    expect(ready).toMatchObject({
      type: 'ready',
      addresses: { postgres: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
      dataDir: expect.any(String),
    });
    const client = new Client(ready.url);
    await client.connect();
    await client.end();
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(new Client(ready.url).connect()).rejects.toThrow('ECONNREFUSED');
  });

  it('leaves nothing running when its launcher goes away while it starts', async () => {
    const child = start();
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
    await stopped(start());
  });

  it('recovers from its own kill -9: the PostgreSQL that it left behind is ended first', async () => {
    const killed = start();
    await readiness(killed);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await stopped(start());
  });

  it('takes PostgreSQL along when it is killed', async () => {
    const killed = start();
    const { url } = await readiness(killed);
    killed.kill('SIGKILL');
    await eventually(() => expect(new Client(url).connect()).rejects.toThrow('ECONNREFUSED'));
  });

  it('names the port that is in use and the variable to change, in one line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await refusal(start({ POSTGRES_PORT: String(port) }));
    expect([code, stderr]).toEqual([1, `Port ${port} is in use: set POSTGRES_PORT to another one\n`]);
    other.close();
  });

  it('refuses production and bad variables, all at once', async () => {
    const { code, stderr } = await refusal(
      start({ NODE_ENV: 'production', POSTGRES_DATA_DIR: '', POSTGRES_PORT: 'x' }),
    );
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^NODE_ENV is production/),
      expect.stringMatching(/^POSTGRES_DATA_DIR is missing/),
      expect.stringMatching(/^POSTGRES_PORT is not valid/),
    ]);
  });

  /** The compiled process as the launcher starts it. */
  const start = (env: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [main], {
      env: { PATH: '/usr/bin:/bin', POSTGRES_DATA_DIR: join(folder, 'data'), ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
});

async function readiness(child: ChildProcess): Promise<Ready> {
  const [message] = (await once(child, 'message')) as [Ready];
  return message;
}

/** Waits for it to be ready and ends it. */
async function stopped(child: ChildProcess): Promise<void> {
  await readiness(child);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}

async function refusal(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
}
