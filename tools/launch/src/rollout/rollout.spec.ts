import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFile } from '../log-file.js';
import { SharedSocket } from '../shared-socket.js';
import { Supervisor } from '../supervisor.js';
import { Rollout, type RolloutOptions } from './rollout.js';
import type { RolloutEvent } from './rollout-event.js';

/** An instance as the launcher sees one: it says that it is ready, has an admin port, and drains. `ill`: what is wrong. */
const SERVICE = `
  import { createServer } from 'node:http';
  const { START_DRAINED, INSTANCE_ID, ill } = process.env;
  if (ill === 'start') { console.error('no database'); process.exit(1); }
  let [drained, faults] = [START_DRAINED === 'true', 0];
  const admin = createServer((request, response) => {
    if (request.url === '/undrain') drained = false;
    if (request.url === '/metrics' && ill === 'faults') faults += 10;
    const metric = 'rpc_server_call_duration_count{rpc_status_code="INTERNAL"} ' + faults + '\\n';
    const well = !drained && !(ill === 'readiness');
    response.writeHead(request.url === '/readyz' && !well ? 503 : 200).end(request.url === '/metrics' ? metric : 'said');
  });
  const http = createServer((request, response) => {
    const broken = ill === 'answers' || (request.url === '/v1/posts' && ill === 'routes');
    response.writeHead(broken ? 500 : 200).end(INSTANCE_ID);
  });
  const listen = (server, where) => new Promise((resolve) => server.listen(where, () => resolve('127.0.0.1:' + server.address().port)));
  const where = process.env.LISTEN_FDS ? { fd: 3 } : { port: 0, host: '127.0.0.1' };
  const addresses = { admin: await listen(admin, { port: 0, host: '127.0.0.1' }), http: await listen(http, where) };
  process.send({ type: 'ready', addresses });
  for (const end of ['SIGTERM', 'disconnect']) process.on(end, () => process.exit());`;

describe('a rollout', () => {
  let folder: string;
  let socket: SharedSocket;
  let supervisors: Supervisor[];
  let rollout: Rollout;
  const arriving = new Set<Supervisor>();
  let ending: AbortController;
  const listener = { say: () => undefined, started: () => undefined };
  const events: RolloutEvent[] = [];
  const steps = () => events.map(({ step, ...event }) => [step, 'next' in event ? event.next : ''].join(' ').trim());
  const instances = () => supervisors.map(({ status }) => status.instance);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-rollout-'));
    socket = SharedSocket.bind(0);
    events.length = 0;
    const entry = join(folder, 'service.mjs');
    writeFileSync(entry, SERVICE);
    const spec = (name: string, service = name) => ({ name, service, entry, env: { INSTANCE_ID: name } });
    supervisors = [
      spec('registry'),
      spec('blog-1', 'blog'),
      spec('blog-2', 'blog'),
      { ...spec('gateway'), sockets: { http: socket } },
    ].map((one) => new Supervisor(one, new LogFile(join(folder, `${one.name}.log`)), listener));
    await Promise.all(supervisors.map((one) => one.start()));
    ending = new AbortController();
    const entrance = [['/v1/posts', 200]] as const;
    rollout = new Rollout({
      ...{ supervisors, arriving, listener, entrance, stopWithinMs: 2_000 },
      tokenFor: () => Promise.resolve(''),
      ending: ending.signal,
    });
  });
  afterEach(async () => {
    await Promise.all([...supervisors, ...arriving].map((one) => one.stop(1_000)));
    socket.close();
    rmSync(folder, { recursive: true });
  });

  const run = (options: RolloutOptions, ill?: string) =>
    rollout.run({
      ...{ bakeMs: 10, readyWithinMs: 20_000, tell: (event) => events.push(event) },
      ...(ill !== undefined && { build: { env: { ill } } }),
      ...options,
    });

  it('replaces one after the other: each looked at, put into rotation and watched before the old one leaves', async () => {
    const before = supervisors.map(({ status }) => status.pid);
    await run({ names: ['blog'] });
    const way = (name: string) =>
      ['starting', 'checking', 'watching', 'draining', 'replaced'].map((s) => `${s} ${name}`);
    expect(steps()).toEqual([...way('blog-1.2'), ...way('blog-2.2'), 'done']);
    expect(instances()).toEqual(['registry', 'blog-1.2', 'blog-2.2', 'gateway']);
    expect(supervisors.map(({ status }) => before.includes(status.pid))).toEqual([true, false, false, true]);
    await run({ names: ['blog-2'] });
    expect(instances()).toEqual(['registry', 'blog-1.2', 'blog-2.3', 'gateway']);
  });

  it('rehearses what cannot stand beside itself, and hands on the socket that all share', async () => {
    await run({ names: ['registry', 'gateway'] });
    expect(steps()).toEqual([
      ...['rehearsing', 'checking', 'draining', 'starting', 'replaced'].map((step) => `${step} registry.2`),
      ...['rehearsing', 'checking', 'starting', 'watching', 'draining', 'replaced'].map((step) => `${step} gateway.2`),
      'done',
    ]);
    const answer = await fetch(`http://127.0.0.1:${socket.port}/`);
    expect(await answer.text()).toBe('gateway.2');
  });

  it.each([
    ['does not start', 'blog', 'start', /blog-1 was not replaced, it runs on: .*exit code 1\)\n.*no database/s],
    ['is never ready', 'blog', 'readiness', /It does not get ready: said/],
    ['answers with faults', 'blog', 'faults', /of its \d+ answers were faults/],
    [
      'is a gateway without routes',
      'gateway',
      'routes',
      'gateway was not replaced, it runs on: /v1/posts is answered with 500',
    ],
    ['is a registry that does not answer', 'registry', 'answers', '/v1/services is answered with 500 instead of 200'],
  ])('goes back when the new one %s, and stops', async (_case, name, ill, reason) => {
    const before = supervisors.map(({ status }) => status);
    await expect(run({ names: [name], readyWithinMs: 3_000, bakeMs: 60_000 }, ill)).rejects.toThrow(reason);
    expect(supervisors.map(({ status }) => status)).toEqual(before);
    expect(events.slice(-2)).toMatchObject([{ step: 'rolled-back' }, { step: 'failed', replaced: [] }]);
    expect(steps()).not.toContain(`draining ${name}.2`);
  });

  it('starts nothing again when the platform ends under it', async () => {
    const rolling = run({
      names: ['registry', 'blog'],
      tell: (event) => {
        if (event.step !== 'starting') return;
        ending.abort();
        void Promise.all([...arriving].map((one) => one.stop(1_000)));
      },
    });
    await expect(rolling).rejects.toThrow('registry was not replaced');
    expect(supervisors[0]?.status.state).toBe('stopped');
    await expect(run({ names: ['blog'] })).rejects.toThrow('The platform ends');
  });

  it('is one at a time, and only of what there is', async () => {
    const first = run({ names: ['blog-1'] });
    await expect(run({ names: ['blog-2'] })).rejects.toThrow('under way already');
    await first;
    await expect(run({ names: ['mailer'] })).rejects.toThrow(
      'Nothing to replace is called mailer. There are: registry, blog, blog-1, blog-2, gateway',
    );
  });
});
