import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from '@trellis/demo';
import { type Child, entryOf, freePort, root } from '@trellis/launch';
import { eventually } from '@trellis/testing';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { trellis } from './command-line.js';
import { type HostAnswer, type HostRequest, askHost } from './host-request.js';
import { type Person, logIn, newPerson } from './people.js';
import { at, platform, whole } from './platform.js';
import { surroundings } from './platform-sims.js';
import { startProcess } from './start-process.js';

const EXAMPLE = join(root, 'apps/gateway/examples/two-hosts.yaml');
const BLOG = 'blog.example.com';
const USER = 'user.example.com';

/** A second gateway of the shared platform, with a copy of the example as its file. */
describe('the example for two hosts, served by a gateway of its own', () => {
  let folder: string;
  let file: string;
  let url: string;
  let admin: string;
  let gateway: Child;
  let ada: Person;
  let postId: string;

  const gatewayEnv = () => ({
    ...surroundings.env,
    REGISTRY_CREDENTIAL_FILE: join(dirname(platform.credentialsFile), 'gateway.credential'),
    INSTANCE_ID: 'gateway-two-hosts',
    GATEWAY_FILE: file,
  });
  const ask = (method: string, host: string, target: string, more: Partial<HostRequest> = {}): Promise<HostAnswer> =>
    askHost(url, { method, host, target, token: ada.token, ...more });
  const readPost = (more: Partial<HostRequest> = {}) => ask('GET', BLOG, `/get_post?post_id=${postId}`, more);

  beforeAll(async () => {
    folder = mkdtempSync(join(platform.folder, 'two-hosts-'));
    file = join(folder, 'gateway.yaml');
    copyFileSync(EXAMPLE, file);
    const port = await freePort();
    const started = await startProcess({
      ...{ name: 'gateway-two-hosts', entry: entryOf('apps/gateway'), folder },
      env: { ...gatewayEnv(), PORT: `${port}` },
    });
    gateway = started.child;
    admin = `http://${started.addresses['admin']}`;
    url = `http://127.0.0.1:${port}`;
    ada = await newPerson();
    await eventually(async () => expect((await readPost({ token: '' })).status).toBe(401));
  });
  afterAll(async () => {
    await gateway?.stop(15_000);
    await whole();
  });

  /** The ids of its instances, as they are now: a rollout gives them others. */
  const blogs = (): string[] =>
    platform.status().flatMap(({ service, instance = '' }) => (service === 'blog' ? [instance] : []));
  /** The lines of the access log about requests whose ids begin so. */
  const logged = (ids: string): { request_id: string; instance?: string }[] =>
    readFileSync(join(folder, 'gateway-two-hosts.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"request_id":"${ids}`))
      .map((line) => JSON.parse(line) as { request_id: string; instance?: string });

  it('writes a post and reads it under the one, an account under the other', async () => {
    const made = await ask('POST', BLOG, '/create_post', { body: { title: 'Hello', content: 'From curl' } });
    expect([made.status, at(made.body, 'title')]).toEqual([200, 'Hello']);
    postId = String(at(made.body, 'id'));
    const read = await readPost();
    expect([read.status, at(read.body, 'id'), at(read.body, 'authorId')]).toEqual([200, postId, ada.id]);

    const account = { username: `${ada.username}-b`, password: ada.password, email: 'b@example.org' };
    const registered = await askHost(url, { method: 'POST', host: USER, target: '/create_user', body: account });
    expect([registered.status, at(registered.body, 'username')]).toEqual([200, account.username]);
    const bob = { ...account, id: String(at(registered.body, 'id')), token: await logIn(account) };
    const seen = await ask('GET', USER, `/get_user?user_id=${bob.id}`, { token: bob.token });
    expect([seen.status, at(seen.body, 'username')]).toEqual([200, account.username]);
    expect(JSON.stringify([registered.body, seen.body])).not.toContain(account.password);
  });

  it('refuses who has no token, who has not the scope, and the path of the other host', async () => {
    const reader = await logIn(ada, 'blog:read');
    const post = { body: { title: 'Not', content: 'made' } };
    const user = `/get_user?user_id=${ada.id}`;
    const answers = await Promise.all([
      askHost(url, { method: 'GET', host: BLOG, target: `/get_post?post_id=${postId}` }),
      askHost(url, { method: 'POST', host: BLOG, target: '/create_post', ...post }),
      askHost(url, { method: 'GET', host: USER, target: user }),
      ask('POST', BLOG, '/create_post', { ...post, token: reader }),
      ask('GET', USER, user, { token: reader }),
      readPost({ token: reader }),
      ask('GET', BLOG, user),
      ask('GET', BLOG, '/create_post'),
      ask('GET', BLOG, '/v1/posts'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 403, 403, 200, 404, 405, 404]);
    expect(answers[0]?.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answers[3]?.headers['www-authenticate']).toContain('scope="blog:write"');
    expect(answers[7]?.headers.allow).toBe('POST');
  });

  it('says ids, who answered and what a browser may make of it, and the service hears the ids', async () => {
    const { headers } = await readPost({ headers: { 'x-request-id': 'curl-1', 'x-correlation-id': 'order-7' } });
    expect(headers).toMatchObject({
      'x-request-id': 'curl-1',
      'x-correlation-id': 'order-7',
      'x-trace-id': expect.stringMatching(/^[\da-f]{32}$/),
      'x-service': 'blog',
      'x-service-version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
      'server-timing': expect.stringMatching(/^upstream;dur=[\d.]+, total;dur=[\d.]+$/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const refused = await ask('GET', BLOG, '/nothing');
    expect(refused.headers).toMatchObject({ 'x-request-id': expect.stringMatching(/\S/), 'cache-control': 'no-store' });
    await eventually(() => expect(logged('curl-1')).toMatchObject([{ correlation_id: 'order-7', service: 'blog' }]));
  });

  it('gives each instance of the blog every other request', async () => {
    let round = 0;
    // Once more where an instance was too slow for its health check meanwhile: the machine may be busy.
    await eventually(async () => {
      const ids = `turn-${(round += 1)}-`;
      for (let n = 0; n < 20; n++) {
        expect((await readPost({ headers: { 'x-request-id': `${ids}${n}` } })).status).toBe(200);
      }
      await eventually(() => expect(logged(ids)).toHaveLength(20));
      const spread = Object.groupBy(logged(ids), ({ instance = 'nobody' }) => instance);
      expect(Object.entries(spread).map(([instance, lines = []]) => [instance, lines.length])).toEqual(
        expect.arrayContaining(blogs().map((instance) => [instance, 10])),
      );
    });
  });

  it('tells which route a request takes and how its instances are, and the whole platform does as well', async () => {
    const explained = await trellis(
      ...['gateway', 'routes', '--admin', admin],
      ...['GET', `http://${BLOG}/get_post?post_id=1`],
    );
    expect(explained).toMatch(/blog\.example\.com .*GET .*\/get_post .*trellis\.blog\.v1\.BlogService\/GetPost .*file/);
    const instances = /Instances, by round-robin: .*/.exec(explained)?.[0];
    expect(blogs()).toHaveLength(2);
    for (const id of blogs()) expect(instances).toMatch(new RegExp(`${id} \\([\\d.:]+, [\\d.]+, (?:not )?well\\)`));
    const told = await request(`${admin}/routes?url=${encodeURIComponent(`http://${USER}/get_user?user_id=1`)}`);
    expect(at(told.body, 'upstream')).toMatchObject({
      ...{ strategy: 'round-robin', connectTimeout: 1000, readTimeout: 3000, writeTimeout: 3000 },
      health: { interval: 1000 },
    });
    const everywhere = await trellis('gateway', 'routes', 'GET', 'http://localhost/v1/posts/7');
    expect(everywhere).toMatch(/\/v1\/posts\/\{id\} .*trellis\.blog\.v1\.BlogService\/GetPost .*contract/);
    expect(everywhere).toContain('id=7');
  });

  describe('and an upstream at fixed addresses', () => {
    const hosts: FixedHost[] = [];

    beforeAll(async () => {
      hosts.push(await FixedHost.open('one'), await FixedHost.open('two'));
      const upstream = `
  shop:
    addresses: [${hosts.map(({ address }) => address).join(', ')}]
    strategy: round-robin
    connectTimeout: 1000ms
    readTimeout: 300ms
    writeTimeout: 3000ms
    health: { path: /health, interval: 1s, timeout: 1s, unhealthy: 2, healthy: 1 }`;
      const route = `
  - { hosts: [shop.example.com], path: '/shop/**', service: shop, stripPath: /shop }`;
      writeFileSync(file, `${readFileSync(EXAMPLE, 'utf8').replace(/^upstreams:.*$/m, `$&${upstream}`)}${route}\n`);
    });
    afterAll(() => hosts.forEach((host) => host.close()));

    const shop = (target: string, method = 'GET') => askHost(url, { method, host: 'shop.example.com', target });
    /** Who answers the next twelve requests, and how often. */
    const shares = async (): Promise<Record<string, number>> => {
      const shares: Record<string, number> = {};
      for (let n = 0; n < 12; n++) {
        const name = String(at((await shop('/shop/items?n=1')).body, 'name'));
        shares[name] = (shares[name] ?? 0) + 1;
      }
      return shares;
    };

    it('is there as soon as the file names it, and each takes its turn', async () => {
      const answer = await eventually(async () => {
        const there = await shop('/shop/items?n=1');
        expect(there.status).toBe(200);
        return there;
      });
      expect(answer.body).toMatchObject({ target: '/items?n=1' });
      await eventually(async () => expect(await shares()).toEqual({ one: 6, two: 6 }), 30_000);
    });

    it('picks nobody who is not well, and him again when he is', async () => {
      const [, two] = hosts;
      if (!two) throw new Error('there is no second host');
      two.well = false;
      await eventually(async () => expect(await shares()).toEqual({ one: 12 }), 30_000);
      const told = await request(`${admin}/routes?url=${encodeURIComponent('http://shop.example.com/shop/a')}`);
      expect(at(told.body, 'upstream', 'instances')).toContainEqual(
        expect.objectContaining({ address: two.address, healthy: false }),
      );
      two.well = true;
      await eventually(async () => expect(await shares()).toEqual({ one: 6, two: 6 }), 30_000);
    });

    it('waits for an answer as long as the upstream says, and no longer', async () => {
      const { status, headers, body } = await shop('/shop/never', 'POST');
      expect([status, headers['content-type']]).toEqual([504, 'application/problem+json']);
      expect(at(body, 'reason')).toBe('READ_TIMEOUT');
    });
  });

  it('keeps what holds when the file turns bad, and ends at the start of another gateway with all that is wrong', async () => {
    writeFileSync(file, `${readFileSync(EXAMPLE, 'utf8')}  - { path: nowhere, service: shop }\n`);
    const line = readFileSync(file, 'utf8').split('\n').length - 1;
    const fault = `${file}:${line} routes.4.path: a path begins with "/"`;
    await eventually(async () => {
      const told = await request(`${admin}/routes`);
      expect(at(told.body, 'file', 'problem', 'faults')).toEqual([fault]);
    });
    expect((await readPost()).status).toBe(200);

    const start = startProcess({
      ...{ name: 'gateway-bad-file', entry: entryOf('apps/gateway'), folder },
      env: { ...gatewayEnv(), PORT: '0', INSTANCE_ID: 'gateway-bad-file' },
    });
    const words = await start.then(
      () => 'it started',
      (error: Error) => error.message,
    );
    expect(words).toContain('ended before it was ready (exit code 1)');
    expect(words).toContain(fault);
    expect(words).not.toMatch(/\n\s+at |node_modules|ZodError/);
  });
});

/** A service that knows nothing of the platform. */
class FixedHost {
  /** What it says of its health. */
  well = true;

  private constructor(
    readonly name: string,
    readonly server: Server,
  ) {}

  static async open(name: string): Promise<FixedHost> {
    const server = createServer();
    const host = new FixedHost(name, server);
    server.on('request', ({ url: target = '' }, response) => {
      if (target === '/health') return void response.writeHead(host.well ? 200 : 503).end();
      if (target === '/never') return undefined;
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name, target }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close().closeAllConnections();
  }
}
