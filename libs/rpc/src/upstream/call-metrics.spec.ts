import { expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import { recordMetrics } from '@trellis/telemetry/testing';
import { ScriptedStack, failing } from '../scripted.fixture.js';

const measured = recordMetrics();

it('calls are measured as a whole, and what the stack did about them is counted', async () => {
  const stack = new ScriptedStack('ab', {
    defaults: { breaker: { minimum: 4 }, outlier: { consecutive: 3 }, fallback: { service: 'nobody' } },
  });
  await stack.endings(2);
  stack.let('a', failing.unsent);
  await stack.endings(2);
  stack.let('a', () => failing.answered(Code.INTERNAL));
  stack.let('b', () => failing.answered(Code.INTERNAL));
  await stack.endings(6);

  const about = { 'trellis.service': 'echo' };
  const method = { ...about, 'rpc.system.name': 'grpc', 'rpc.method': 'test.v1.EchoService/Echo' };
  expect(await measured('rpc.client.call.duration')).toEqual([
    { attributes: { ...method, 'rpc.status_code': 'OK' }, value: 4 },
    { attributes: { ...method, 'rpc.status_code': 'INTERNAL' }, value: 4 },
    { attributes: { ...method, 'rpc.status_code': 'UNAVAILABLE' }, value: 2 }, // held back
  ]);
  expect(await measured('trellis.rpc.client.attempts')).toContainEqual({ attributes: about, value: 10 });
  expect(await measured('trellis.rpc.client.retries')).toContainEqual({ attributes: about, value: 2 });
  expect(await measured('trellis.rpc.client.ejections')).toContainEqual({ attributes: about, value: 1 });
  expect(await measured('trellis.rpc.client.refusals')).toContainEqual({
    attributes: { ...about, 'trellis.refusal': 'circuit' },
    value: 2,
  });
  expect(await measured('trellis.rpc.client.circuit.state')).toContainEqual({
    attributes: { ...about, 'trellis.group': 'default' },
    value: 2,
  });
  expect(await measured('trellis.rpc.client.instances')).toContainEqual({
    attributes: { ...about, 'trellis.instance.state': 'ejected' },
    value: 1,
  });
  stack.rpc.close();
});
