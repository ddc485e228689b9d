import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Code, ServiceError } from '@trellis/errors';
import { createRpc } from './create-rpc.js';
import { ECHO, directoryOf, echoAt, quiet } from './platform.fixture.js';

/** A server in a process of its own, which alone can be killed as processes are. It answers after 100 ms. */
const SERVER = `
  import { Server, ServerCredentials } from '@grpc/grpc-js';
  const asIs = (bytes) => bytes;
  const codec = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
  const server = new Server();
  server.addService(
    { echo: { path: '${ECHO}', requestStream: false, responseStream: false, ...codec } },
    { echo: (call, answer) => setTimeout(() => answer(null, call.request), 100) },
  );
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => process.send(port));
  process.on('disconnect', () => process.exit());
`;

const processes: ChildProcess[] = [];
afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

async function startServer(id: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
    cwd: import.meta.dirname,
    env: {},
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  processes.push(child);
  const [port] = (await once(child, 'message')) as [number];
  return { child, instance: echoAt(`127.0.0.1:${port}`, { id }) };
}

describe('an instance killed with kill -9 while the directory still lists it', () => {
  it('fails no read, and no write twice', async () => {
    const [a, b] = await Promise.all([startServer('a'), startServer('b')]);
    const retries: object[] = [];
    const rpc = createRpc({
      directory: directoryOf(a.instance, b.instance),
      logger: { ...quiet, debug: (fields: object) => void retries.push(fields) },
      policies: { defaults: { strategy: 'round-robin', outlier: false } },
    });
    const call = (repeatable: boolean) =>
      rpc.unary({ service: 'echo', path: ECHO, request: new Uint8Array([1]), repeatable });

    // Reads overlap, so some are under way on the instance when it dies; later ones find its port closed.
    const reads: Promise<string | undefined>[] = [];
    for (let i = 0; i < 40; i++) {
      if (i === 20) a.child.kill('SIGKILL');
      reads.push(call(true).then(({ instance }) => instance?.id));
      await pause(10);
    }
    const answers = await Promise.all(reads);
    expect(answers.slice(0, 2)).toEqual(['a', 'b']);
    expect(new Set(answers.slice(20))).toEqual(new Set(['b']));
    expect(new Set(retries.map((fields) => (fields as { why: string }).why))).toEqual(
      new Set(['CONNECTION_LOST', 'CONNECT_FAILED']),
    );

    // A write that finds the port closed never left: it is sent to the other one.
    const writes = await Promise.all([call(false), call(false)]);
    expect(writes.map(({ instance }) => instance?.id)).toEqual(['b', 'b']);

    // A write under way on the instance that dies may have happened: it fails, and says so.
    const lost = call(false);
    b.child.kill('SIGKILL');
    const error = await lost.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServiceError);
    expect((error as ServiceError).code).toBe(Code.UNAVAILABLE);
    rpc.close();
  });
});
