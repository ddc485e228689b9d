import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addToList, claimFolder, releaseFolder } from './process-list.js';

describe('the list of a folder’s processes', () => {
  let folder: string;
  let sleeper: ChildProcess;
  const said: string[] = [];
  const claim = (withinMs = 0) => claimFolder(folder, withinMs, (line) => said.push(line));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-list-'));
    sleeper = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
    said.length = 0;
  });

  afterEach(() => {
    sleeper.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('lets one launcher in, and the next one when the first has left', async () => {
    await claim();
    await expect(claim()).rejects.toThrow(`runs already with its data in ${folder} (pid ${process.pid})`);
    releaseFolder(folder);
    await claim();
  });

  it('lets one in of two that wait for the end of the same leftovers', async () => {
    addToList(folder, sleeper.pid ?? 0, 'blog-1');
    const rivals = Promise.allSettled([claim(60_000), claim(60_000)]);
    sleeper.kill('SIGKILL');
    expect((await rivals).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('kills what a dead launcher left behind and what did not end in time', async () => {
    addToList(folder, sleeper.pid ?? 0, 'blog-1');
    const [[, signal]] = await Promise.all([once(sleeper, 'exit'), claim()]);
    expect(signal).toBe('SIGKILL');
    expect(said[0]).toContain('blog-1');
  });

  it('leaves a stranger alone that has the pid of a process of ours', async () => {
    appendFileSync(join(folder, 'processes.txt'), `${sleeper.pid} blog-1 1234567\n`);
    await claim();
    expect(sleeper.exitCode ?? sleeper.signalCode).toBeNull();
    expect(readFileSync(join(folder, 'processes.txt'), 'utf8')).not.toContain('blog-1');
  });
});
