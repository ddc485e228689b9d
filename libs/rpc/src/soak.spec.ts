import { getEventListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it, jest } from '@jest/globals';
import { ServiceError } from '@trellis/errors';
import { eventually, seededRandom } from '@trellis/testing';
import { createRpc } from './create-rpc.js';
import { ECHO, directoryOf, echoAt, quiet } from './platform.fixture.js';
import type { CallPolicies } from './policy/call-policies.js';
import { UnrulyServer } from './unruly-server.fixture.js';
import type { Method } from './upstream/method.js';
import { Upstreams } from './upstream/upstreams.js';

const SERVERS = 4;
const CALLS = 800;

/** Milliseconds after a deadline: the machine may be busy, a call that was forgotten comes never. */
const SLACK = 15_000;
/** Calls at once. The slower the machine, the longer it takes to make them all, and no call waits for the others. */
const MOST = 60;

/** Everything is on, and gives up neither on servers nor on calls more than need be. */
const POLICIES: CallPolicies = {
  defaults: {
    strategy: 'least-request',
    attemptTimeout: 300,
    retries: { attempts: 3, backoff: 1, maxBackoff: 5 },
    budget: { ratio: 1, floor: 1_000 },
    breaker: { minimum: 500 },
    bulkhead: { limit: 40, queue: 20 },
    hedge: { quantile: 0.5, minDelay: 1 },
    outlier: { ejection: 50, maxEjection: 100 },
  },
};

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

it.each([1, 2])(
  'whatever servers do, every call ends once, nothing is left and no write is done twice (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const methods = new Set<Method>();
    const { grpc } = Upstreams.prototype;
    const lookup = jest.spyOn(Upstreams.prototype, 'grpc').mockImplementation(function (this: Upstreams, ...call) {
      const method = grpc.apply(this, call);
      methods.add(method);
      return method;
    });
    const servers = Array.from({ length: SERVERS }, () => new UnrulyServer(random));
    const addresses = await Promise.all(servers.map((server) => server.start()));
    const instances = addresses.map((address) => echoAt(address, { id: address }));
    const directory = directoryOf(...instances);
    const rpc = createRpc({ directory, logger: quiet, policies: POLICIES, random });
    const widening = setInterval(() => servers.forEach((server) => server.widen()), 10);
    cleanups.push(() => {
      clearInterval(widening);
      rpc.close();
      for (const server of servers) server.stop();
      lookup.mockRestore();
    });
    const shared = new AbortController();
    const late: string[] = [];
    const wrong: string[] = [];
    const ends = new Map<string, number>();

    async function call(number: number): Promise<void> {
      const repeatable = random() < 0.6;
      const id = `${repeatable ? 'r' : 'w'}${String(number).padStart(7, '0')}`;
      const size = random() < 0.05 ? 300_000 : random() * 3_000;
      const request = Buffer.from(id.padEnd(8 + size, id), 'latin1');
      const deadline = Date.now() + (random() < 0.3 ? 20 + random() * 400 : 8_000);
      const caller = new AbortController();
      if (random() < 0.1) setTimeout(() => caller.abort(), random() * 50);
      const signal = random() < 0.5 ? shared.signal : caller.signal;
      const end = await rpc.unary({ service: 'echo', path: ECHO, request, repeatable, deadline, signal }).then(
        ({ message }) => {
          if (!request.equals(message)) wrong.push(id);
          return 'OK';
        },
        (error: unknown) => (error instanceof ServiceError ? (error.reason ?? error.name) : String(error)),
      );
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (Date.now() > deadline + SLACK) late.push(id);
    }

    const ended = (): number => [...ends.values()].reduce((sum, count) => sum + count, 0);
    const calls: Promise<void>[] = [];
    for (let i = 0; i < CALLS; i++) {
      calls.push(call(i));
      if (i % 100 === 50) directory.set(...instances.filter(() => random() < 0.7)); // some leave, and come back
      do await pause(i % 4 === 0 ? 3 : 0);
      while (calls.length - ended() >= MOST);
    }
    await Promise.all(calls);

    const writes = servers.flatMap(({ done }) => done).filter((id) => id.startsWith('w'));
    expect(writes.filter((id, at) => writes.indexOf(id) !== at)).toEqual([]);
    expect([late, wrong]).toEqual([[], []]);
    expect(getEventListeners(shared.signal, 'abort')).toEqual([]);
    // None of them was spared.
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['OK', 'CONNECTION_LOST', 'ServiceError CANCELLED']));
    // And when they have come to reason, so do calls.
    for (const server of servers) server.calm = true;
    directory.set(...instances);
    const again = { service: 'echo', path: ECHO, request: Buffer.from('calm'), repeatable: true };
    await eventually(async () => {
      for (let i = 0; i < 10; i++) await rpc.unary({ ...again, deadline: Date.now() + 10_000 });
    }, 20_000);
    // Hedges that lost end a moment after their calls.
    await eventually(() => {
      for (const { seat, bulkhead } of methods) {
        expect(seat.pool.endpoints.map(({ active }) => active)).toEqual(seat.pool.endpoints.map(() => 0));
        expect([bulkhead?.running, bulkhead?.waiting]).toEqual([0, 0]);
      }
    });

    rpc.close();
    await eventually(() => expect(servers.map(({ connections }) => connections)).toEqual(servers.map(() => 0)));
  },
  120_000,
);
