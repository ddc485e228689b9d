import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SharedSocket } from './shared-socket.js';

/** Answers with its name, and stops listening on SIGTERM. */
const SERVER = `
  const server = require('node:http').createServer((_, response) => response.end(process.argv[1]));
  server.listen({ fd: 3 }, () => process.send('listening'));
  process.on('SIGTERM', () => server.close(() => process.exit()));
  process.on('disconnect', () => process.exit());`;

describe('a socket that outlives those who accept from it', () => {
  let socket: SharedSocket;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    socket = SharedSocket.bind(0);
  });
  afterEach(async () => {
    socket.close();
    await Promise.all(children.splice(0).map(end));
  });

  async function start(name: string): Promise<ChildProcess> {
    const stdio = ['ignore', 'inherit', 'inherit', socket.descriptor, 'ipc'] as const;
    const child = spawn(process.execPath, ['-e', SERVER, name], { stdio: [...stdio] });
    children.push(child);
    await once(child, 'message');
    return child;
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  }

  async function ask(): Promise<string> {
    const [answer] = (await once(get({ host: '127.0.0.1', port: socket.port, agent: false }), 'response')) as [
      IncomingMessage,
    ];
    return text(answer);
  }

  it('serves from the new process as soon as the old one is gone', async () => {
    const old = await start('old');
    expect(await ask()).toBe('old');
    await start('new');
    await end(old);
    expect([await ask(), await ask()]).toEqual(['new', 'new']);
  });

  it('keeps who comes while nobody is there, even after a crash', async () => {
    const old = await start('old');
    old.kill('SIGKILL');
    await once(old, 'exit');
    const answer = ask();
    await start('new');
    expect(await answer).toBe('new');
  });
});
