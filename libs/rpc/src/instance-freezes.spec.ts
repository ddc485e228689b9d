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
  const policies = { defaults: { strategy: 'least-request', timeout: 15_000 } } as const;
  const failedOn: unknown[] = [];
  const logger = { ...quiet, debug: ({ instance }: { instance?: string }) => void failedOn.push(instance) };
  const rpc = createRpc({ directory: directoryOf(a.instance, b.instance), logger, policies });
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
  const onA = failedOn.filter((instance) => instance === 'a').length;
  console.log(`${onA} of ${answers.length} reads were tried on the frozen one`);
  // Half of them without balancing; a handful with it, more where the other one is kept waiting for the CPU too.
  expect([onA > 0, onA < answers.length / 4]).toEqual([true, true]);
  rpc.close();
});
