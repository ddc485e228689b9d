import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createRpc } from './create-rpc.js';
import { ECHO, EchoServer, type Handler, directoryOf, echoAt, quiet } from './platform.fixture.js';

/** Nobody hangs here: what takes long has a machine that is busy. */
const PATIENT = { defaults: { timeout: 20_000, attemptTimeout: 10_000, connectTimeout: 10_000 } };

it('no write is lost or sent twice when an instance drains while the directory still lists it', async () => {
  const done: string[] = [];
  const slowly: Handler = (call, answer) => {
    setTimeout(() => {
      done.push(call.request.toString());
      answer(null, call.request);
    }, 20);
  };
  const [leaving, staying] = [await new EchoServer().start(slowly), await new EchoServer().start(slowly)];
  const directory = directoryOf(echoAt(leaving.address), echoAt(staying.address));
  const rpc = createRpc({ directory, logger: quiet, policies: PATIENT });

  const writes: Promise<unknown>[] = [];
  let drained: Promise<void> | undefined;
  for (let i = 0; i < 60; i++) {
    if (i === 30) drained = leaving.drained();
    writes.push(rpc.unary({ service: 'echo', path: ECHO, request: Buffer.from(String(i)), repeatable: false }));
    await pause(1);
  }
  await Promise.all(writes);
  await drained;
  expect(done.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  rpc.close();
  staying.stop();
});
