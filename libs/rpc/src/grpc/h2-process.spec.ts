import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { ECHO, EchoServer } from '../platform.fixture.js';

const server = new EchoServer();
afterEach(() => server.stop());

it('a connection that is idle keeps no process alive, and one with a call does', async () => {
  await server.start((call, answer) => setTimeout(() => answer(null, call.request), 200));
  const script = `
    import { createH2Transport } from '@trellis/rpc';
    const attempt = { address: '${server.address}', path: '${ECHO}', request: Buffer.from('hello'), headers: {} };
    const answer = await createH2Transport().unary({ ...attempt, deadline: Date.now() + 5000 });
    console.log(String(answer));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '../..'),
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  child.stdout.on('data', (bytes) => said.push(String(bytes)));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said.join('')).toBe('hello\n');
});
