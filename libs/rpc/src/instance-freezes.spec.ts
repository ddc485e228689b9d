import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from '@jest/globals';
import { createRpc } from './create-rpc.js';
import { EchoProcess } from './echo-process.fixture.js';
import { ECHO, directoryOf, quiet } from './platform.fixture.js';

const processes: EchoProcess[] = [];
afterEach(() => Promise.all(processes.splice(0).map((process) => process.end())));

it('no read fails when one of two instances is stopped, and hardly any goes there', async () => {
  processes.push(await EchoProcess.start('a'), await EchoProcess.start('b'));
  const [a, b] = processes;
  if (!a || !b) throw new Error('two processes were started');
  // Least request surely tries the frozen one; the slower first answer of one could keep peak EWMA away from it.
  const policies = { defaults: { strategy: 'least-request' } } as const;
  const rpc = createRpc({ directory: directoryOf(a.instance, b.instance), logger: quiet, policies });
  const read = () => rpc.unary({ service: 'echo', path: ECHO, request: new Uint8Array([1]), repeatable: true });
  for (let i = 0; i < 20; i++) await read();

  a.freeze();
  const under = [];
  for (let i = 0; i < 200; i++) {
    under.push(read());
    await pause(10);
  }
  const answers = await Promise.all(under);
  expect(new Set(answers.map(({ instance }) => instance?.id))).toEqual(new Set(['b']));
  expect(answers.slice(0, 100).some(({ attempts }) => attempts > 1)).toBe(true);
  expect(answers.slice(100).filter(({ attempts }) => attempts > 1).length).toBeLessThanOrEqual(2);
  rpc.close();
}, 20_000);
