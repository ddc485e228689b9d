import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Instance } from '@trellis/discovery';
import { type ManualDirectory, instanceAt } from '@trellis/discovery/testing';
import { Code } from '@trellis/errors';
import { recordMetrics } from '@trellis/telemetry/testing';
import type { CallPolicies } from '../policy/call-policies.js';
import { createRpc } from '../create-rpc.js';
import { deadAddress, directoryOf, quiet } from '../platform.fixture.js';
import type { HttpBody, HttpCall, Rpc } from '../rpc.js';

const GET: HttpCall = { service: 'shop', method: 'GET', path: '/things?a=1' };
const POST: HttpCall = { ...GET, method: 'POST', body: Buffer.from('{}') };

const servers: Server[] = [];
let rpc: Rpc;
let directory: ManualDirectory;
afterEach(() => {
  rpc.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An HTTP instance on a free port. */
async function serving(id: string, answer: RequestListener, changes: Partial<Instance> = {}): Promise<Instance> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return httpAt(id, `127.0.0.1:${(server.address() as AddressInfo).port}`, changes);
}

const httpAt = (id: string, address: string, changes: Partial<Instance> = {}): Instance =>
  instanceAt('shop', address, { id, protocol: 'http', ...changes });

/** Calls go to the instances in turn, the first one first. */
function rpcTo(instances: readonly Instance[], policies: CallPolicies = {}): Rpc {
  const defaults = { strategy: 'round-robin', ...policies.defaults } as const;
  directory = directoryOf(...instances);
  rpc = createRpc({ directory, logger: quiet, policies: { ...policies, defaults } });
  return rpc;
}

/** What the body of an answer says. */
const told = async (body: HttpBody): Promise<string> => Buffer.from(await body.bytes(1_000)).toString();

const saying =
  (words: string, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(words);
const hears: RequestListener = async (request, response) => {
  const body = await text(request);
  response.setHeader('x-thing', 'a');
  response.end(JSON.stringify({ method: request.method, url: request.url, body, token: request.headers['x-token'] }));
};

describe('a call over plain HTTP', () => {
  it('arrives as it is, and so does the answer', async () => {
    const answer = await rpcTo([await serving('a', hears)]).http({ ...POST, headers: { 'x-token': 't' } });
    expect(answer).toMatchObject({ status: 200, statusText: 'OK', attempts: 1, instance: { id: 'a' } });
    expect(answer.headers.slice(0, 2)).toEqual(['x-thing', 'a']);
    expect(JSON.parse(await told(answer.body))).toEqual({ method: 'POST', url: '/things?a=1', body: '{}', token: 't' });
  });

  it('goes to instances that speak HTTP, and to those of one version where one is asked for', async () => {
    const instances = [
      await serving('a', saying('one'), { version: '1.0.0' }),
      await serving('b', saying('two'), { version: '2.0.0' }),
      httpAt('c', '127.0.0.1:1', { protocol: 'grpc' }),
    ];
    rpcTo(instances);
    const ids = [];
    for (const version of ['2.0.0', '2.0.0', '1.0.0']) {
      const { instance, body } = await rpc.http({ ...GET, version });
      ids.push(instance?.id, await told(body));
    }
    expect(ids).toEqual(['b', 'two', 'b', 'two', 'a', 'one']);
    await expect(rpc.http({ ...GET, version: '3.0.0' })).rejects.toMatchObject({ reason: 'NO_INSTANCE' });
  });

  it('that cannot be connected goes to another instance, whatever it is', async () => {
    const dead = httpAt('a', await deadAddress());
    const { instance, attempts } = await rpcTo([dead, await serving('b', saying('here'))]).http(POST);
    expect([instance?.id, attempts]).toEqual(['b', 2]);
  });

  it('that was cut off goes to another instance when it may be repeated', async () => {
    const cutting: RequestListener = (request) => request.socket.destroy();
    const instances = [await serving('a', cutting), await serving('b', saying('here'))];
    expect((await rpcTo(instances).http(GET)).instance?.id).toBe('b');
    rpc.close();
    await expect(rpcTo(instances).http(POST)).rejects.toMatchObject({ reason: 'CONNECTION_LOST' });
    rpc.close();
    expect((await rpcTo(instances).http({ ...POST, idempotent: true })).instance?.id).toBe('b');
  });

  it('that a frozen instance got costs one attempt', async () => {
    const instances = [await serving('a', () => undefined), await serving('b', saying('here'))];
    const { instance } = await rpcTo(instances, { defaults: { attemptTimeout: 1_000 } }).http(GET);
    expect(instance?.id).toBe('b');
  });
});

describe('an answer that blames the instance', () => {
  it.each([503, 502, 504, 429])('%i: a better one is looked for, when the call may be repeated', async (status) => {
    const instances = [await serving('a', saying('no', status)), await serving('b', saying('here'))];
    const got = await rpcTo(instances).http(GET);
    expect([got.status, await told(got.body)]).toEqual([200, 'here']);
    rpc.close();
    const passed = await rpcTo(instances).http(POST);
    expect([passed.status, await told(passed.body), passed.instance?.id]).toEqual([status, 'no', 'a']);
  });

  it('is passed on when there is no better one', async () => {
    const instances = [await serving('a', saying('no', 503)), await serving('b', saying('nor here', 503))];
    const got = await rpcTo(instances).http(GET);
    expect([got.status, await told(got.body), got.attempts]).toEqual([503, 'nor here', 2]);
  });

  it('opens the circuit, and a backup takes over', async () => {
    const broken = await serving('a', saying('no', 500));
    const backup = { ...(await serving('z', saying('backup'))), service: 'shop-backup' };
    rpcTo([broken, backup], {
      services: { shop: { breaker: { minimum: 2 }, fallback: { service: 'shop-backup' } } },
    });
    const asked = [];
    for (let i = 0; i < 3; i++) {
      const { body, fallback, attempts } = await rpc.http(GET);
      asked.push([await told(body), fallback, attempts]);
    }
    expect(asked).toEqual([
      ['backup', 'backup', 2],
      ['backup', 'backup', 2],
      ['backup', 'backup', 1],
    ]);
  });
});

describe('a hedged request', () => {
  /** Calls to `a` that take as long as usual, then one that hangs, so that `b` is asked too. */
  async function hedging(answer: RequestListener): Promise<void> {
    let turn = 0;
    const hangs: RequestListener = (request, response) => (++turn > 60 ? undefined : saying('a')(request, response));
    rpcTo([await serving('a', hangs)], { defaults: { hedge: { quantile: 0.9, minDelay: 1 }, outlier: false } });
    for (let i = 0; i < 60; i++) await told((await rpc.http(GET)).body);
    directory.set(...directory.all(), await serving('b', answer));
  }

  it('reads its answer to the end', async () => {
    await hedging(async (_, response) => {
      response.write('first ');
      await pause(50);
      response.end('and last');
    });
    const { body, instance } = await rpc.http(GET);
    expect([instance?.id, await told(body)]).toEqual(['b', 'first and last']);
  });

  it('breaks its answer off when the caller gives up', async () => {
    await hedging((_, response) => void response.write('first'));
    const caller = new AbortController();
    const { body } = await rpc.http({ ...GET, signal: caller.signal });
    caller.abort();
    await expect(told(body)).rejects.toThrow();
  });
});

describe('the body of an answer', () => {
  it('has a deadline beyond what a timer can hold', async () => {
    const { body } = await rpcTo([await serving('a', saying('here'))]).http({ ...GET, deadline: Date.now() + 2 ** 32 });
    expect(await told(body)).toBe('here');
  });

  it('is there bit by bit, and ends at the deadline', async () => {
    const drips: RequestListener = (_, response) => void response.write('first');
    rpcTo([await serving('a', drips)]);
    const { body } = await rpc.http({ ...GET, deadline: Date.now() + 1_500 });
    const seen: string[] = [];
    const sink = new Writable({ write: (piece, _, done) => void (seen.push(String(piece)), done()) });
    await expect(body.pipeTo(sink)).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    expect([seen, sink.destroyed, sink.writableFinished]).toEqual([['first'], true, false]);
  });

  it('breaks off when the caller gives up', async () => {
    const drips: RequestListener = (_, response) => void response.write('first');
    rpcTo([await serving('a', drips)]);
    const caller = new AbortController();
    const { body } = await rpc.http({ ...GET, signal: caller.signal });
    caller.abort();
    await expect(told(body)).rejects.toThrow();
    await expect(rpc.http({ ...GET, signal: caller.signal })).rejects.toMatchObject({ code: Code.CANCELLED });
  });
});

it('is measured by status, or by why there was none', async () => {
  const measured = recordMetrics();
  rpcTo([await serving('a', saying('no', 404))]);
  await rpc.http(GET);
  await rpc.http({ ...GET, version: '9.0.0' }).catch(() => undefined);
  const series = await measured('http.client.request.duration');
  expect(series).toHaveLength(2);
  expect(series).toEqual(
    expect.arrayContaining([
      { attributes: { 'http.response.status_code': '404', 'trellis.service': 'shop' }, value: 1 },
      { attributes: { 'error.type': 'UNAVAILABLE', 'trellis.service': 'shop' }, value: 1 },
    ]),
  );
});
