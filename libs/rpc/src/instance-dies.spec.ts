import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Code, ServiceError } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { createRpc } from './create-rpc.js';
import { EchoProcess } from './echo-process.fixture.js';
import { ECHO, directoryOf, quiet } from './platform.fixture.js';

const processes: EchoProcess[] = [];
afterEach(() => Promise.all(processes.splice(0).map((process) => process.end())));

describe('an instance killed with kill -9 while the directory still lists it', () => {
  it('fails no read, and no write twice', async () => {
    const [a, b] = await Promise.all([EchoProcess.start('a', 1_000), EchoProcess.start('b', 1_000)]);
    processes.push(a, b);
    const retries: object[] = [];
    const rpc = createRpc({
      directory: directoryOf(a.instance, b.instance),
      logger: { ...quiet, debug: (fields: object) => void retries.push(fields) },
      policies: {
        defaults: {
          strategy: 'round-robin',
          outlier: false,
          timeout: 20_000,
          attemptTimeout: 10_000,
          connectTimeout: 10_000,
        },
      },
    });
    const call = (repeatable: boolean) =>
      rpc.unary({ service: 'echo', path: ECHO, request: new Uint8Array([1]), repeatable });

    // Connected with both: a machine that is busy may take a moment for that.
    const met = async () => new Set([await call(true), await call(true)].map(({ instance }) => instance?.id));
    await eventually(async () => expect((await met()).size).toBe(2));
    retries.length = 0;

    // Reads overlap, so some are under way on the instance when it dies; later ones find its port closed.
    const reads: Promise<string | undefined>[] = [];
    for (let i = 0; i < 40; i++) {
      if (i === 20) await Promise.all(reads.slice(0, 2));
      if (i === 22) a.kill(); // one of the last two is surely under way there
      reads.push(call(true).then(({ instance }) => instance?.id));
      await pause(10);
    }
    const answers = await Promise.all(reads);
    expect(new Set(answers.slice(0, 2))).toEqual(new Set(['a', 'b']));
    expect(new Set(answers.slice(22))).toEqual(new Set(['b']));
    expect(new Set(retries.map((fields) => (fields as { why: string }).why))).toEqual(
      new Set(['CONNECTION_LOST', 'CONNECT_FAILED']),
    );

    // A write that finds the port closed never left: it is sent to the other one.
    const writes = await Promise.all([call(false), call(false)]);
    expect(writes.map(({ instance }) => instance?.id)).toEqual(['b', 'b']);

    // A write under way on the instance that dies may have happened: it fails, and says so.
    const lost = call(false);
    b.kill();
    const error = await lost.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServiceError);
    expect((error as ServiceError).code).toBe(Code.UNAVAILABLE);
    rpc.close();
  });
});
