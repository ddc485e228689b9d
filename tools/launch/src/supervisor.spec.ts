import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFile } from './log-file.js';
import { Supervisor } from './supervisor.js';

const READY = `process.send({ type: 'ready', addresses: { http: '127.0.0.1:' + process.pid } });`;
const LIVE = `${READY} setInterval(() => {}, 1000); process.on('disconnect', () => process.exit());`;

describe('a supervisor', () => {
  let folder: string;
  let entry: string;
  let supervisor: Supervisor;
  const said: string[] = [];
  const script = (text: string) => writeFileSync(entry, text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-supervisor-'));
    entry = join(folder, 'child.mjs');
    said.length = 0;
    supervisor = new Supervisor(
      { name: 'blog-1', service: 'blog', entry, env: {} },
      new LogFile(join(folder, 'blog-1.log')),
      {
        say: (line) => said.push(line),
        started: () => undefined,
      },
    );
  });
  afterEach(async () => {
    await supervisor.stop(0);
    rmSync(folder, { recursive: true });
  });

  it('starts a process, tells its state and address, and keeps what it prints', async () => {
    script(`console.log('hello'); ${LIVE}`);
    await supervisor.start();
    const { pid, ...status } = supervisor.status;
    const addresses = { http: `127.0.0.1:${pid}` };
    expect(status).toEqual({
      name: 'blog-1',
      service: 'blog',
      instance: 'blog-1',
      state: 'ready',
      restarts: 0,
      addresses,
    });
    await eventually(() => expect(readFileSync(join(folder, 'blog-1.log'), 'utf8')).toBe('hello\n'));
  });

  it('starts it again when it dies, and says so', async () => {
    script(LIVE);
    await supervisor.start();
    const { pid } = supervisor.status;
    supervisor.kill('SIGKILL');
    await eventually(() => expect(supervisor.status).toMatchObject({ state: 'ready', restarts: 1 }));
    expect(supervisor.status.pid).not.toBe(pid);
    const now = supervisor.status.pid;
    expect(said).toEqual([
      expect.stringMatching(/^blog-1 ended \(SIGKILL\); starting it again in 0.25 s. Its log: /),
      `blog-1 is back (pid ${now})`,
    ]);
  });

  it('goes on trying, with growing pauses, while it cannot start', async () => {
    script(LIVE);
    await supervisor.start();
    script('process.exit(3)');
    supervisor.kill('SIGKILL');
    await eventually(() => expect(said.length).toBeGreaterThanOrEqual(3));
    expect(said.map((line) => /\((.*)\).* in ([\d.]+) s/.exec(line)?.slice(1)).slice(0, 3)).toEqual([
      ['SIGKILL', '0.25'],
      ['exit code 3', '0.5'],
      ['exit code 3', '1'],
    ]);
    script(LIVE);
    await eventually(() => expect(supervisor.status.state).toBe('ready'), 10_000);
  });

  it('fails the first start with the last words, and does not try again', async () => {
    script(`console.error('PORT is missing'); process.exit(1)`);
    await expect(supervisor.start()).rejects.toThrow(
      /^blog-1 ended before it was ready \(exit code 1\)\n.*PORT is missing/,
    );
    expect(said).toEqual([]);
  });

  it('does not start again what was stopped, not even while it waits or starts', async () => {
    script(LIVE);
    await supervisor.start();
    supervisor.kill('SIGKILL');
    await eventually(() => expect(supervisor.status.state).toBe('waiting'));
    await supervisor.stop(1000);
    expect(supervisor.status).toMatchObject({ state: 'stopped', restarts: 0 });

    script('setInterval(() => {}, 1000)');
    const starting = supervisor.start();
    await Promise.all([expect(starting).rejects.toThrow('SIGTERM'), supervisor.stop(1000)]);
    expect(supervisor.status.state).toBe('stopped');
  });

  it('kills what does not want to end', async () => {
    script(`process.on('SIGTERM', () => {}); ${LIVE}`);
    await supervisor.start();
    const { pid } = supervisor.status;
    await supervisor.stop(50);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
