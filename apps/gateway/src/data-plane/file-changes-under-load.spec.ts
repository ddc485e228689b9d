import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type Server, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instanceAt } from '@trellis/discovery/testing';
import { createLogger } from '@trellis/telemetry';
import { GatewayFileFollower } from '../file/gateway-file-follower.js';
import { readGatewayFile } from '../file/read-gateway-file.js';
import { BlogBackend } from './blog-backend.fixture.js';
import { blogAt } from './instances.fixture.js';
import { TestGateway } from './test-gateway.fixture.js';

const CHANGES = 1_000;
const CLIENTS = 8;

const gateway = new TestGateway();
const blog = new BlogBackend();
const folder = mkdtempSync(join(tmpdir(), 'trellis-file-changes-'));
const path = join(folder, 'gateway.yaml');
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
let shop: Server;
let follower: GatewayFileFollower;

/** Each turn everything is another: how often a route stands there, its policies, the way its service is called. */
const turn = (at: number): string => `
defaults: { timeout: ${20 + (at % 3)}s, maxBody: ${1 + (at % 7)}MiB }
upstreams:
  shop: { strategy: ${at % 2 === 0 ? 'round-robin' : 'least-request'}, readTimeout: ${20 + (at % 5)}s }
  blog: { strategy: ${at % 2 === 0 ? 'random' : 'round-robin'}, retries: { attempts: ${1 + (at % 3)} } }
routes:
  - { path: /posts, methods: [GET], call: trellis.blog.v1.BlogService/GetPost, parameters: { post: id }, responseBody: post }
  - { path: /shop/**, service: shop, stripPath: /shop, servedBy: ${at % 2 === 0 ? '{}' : 'false'} }
${Array.from({ length: at % 20 }, (_, each) => `  - { path: /other/${each}, redirect: { to: /there/${at} } }`).join('\n')}
`;

function write(text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

beforeAll(async () => {
  shop = createServer((request, response) => response.end(request.url));
  await once(shop.listen(0, '127.0.0.1'), 'listening');
  await Promise.all([blog.start({ p1: { id: 'p1', title: 'First' } }), gateway.start({ file: turn(0) })]);
  gateway.directory.set(
    blogAt(blog.address),
    instanceAt('shop', `127.0.0.1:${(shop.address() as AddressInfo).port}`, { protocol: 'http' }),
  );
  expect((await gateway.fetch('/posts?post=p1')).status).toBe(200);
  write(turn(0));
  const use = gateway.putInForce.bind(gateway);
  const logger = createLogger({ name: 'gateway', level: 'silent' });
  follower = new GatewayFileFollower({ read: readGatewayFile(path), use, logger, now: Date.now });
});
afterAll(async () => {
  agent.destroy();
  await gateway.stop();
  blog.stop();
  shop.closeAllConnections();
  shop.close();
  rmSync(folder, { recursive: true });
});

/** Resolved when the next request has been answered. */
let answered = Promise.withResolvers<void>();

/** One request after the other until told to stop: what was not as it should be. */
async function client(
  at: number,
  authorization: string,
  enough: AbortSignal,
): Promise<{ sent: number; wrong: string[] }> {
  const wrong: string[] = [];
  let sent = 0;
  for (; !enough.aborted; sent += 1) {
    const [url, expected] =
      at % 2 === 0 ? ['/posts?post=p1', '"title":"First"'] : [`/shop/items/${sent}`, `/items/${sent}`];
    const answer = await ask(url ?? '', authorization).catch((error: unknown) => String(error));
    answered.resolve();
    answered = Promise.withResolvers();
    if (!answer.startsWith('200 ') || !answer.includes(expected ?? '')) wrong.push(answer);
  }
  return { sent, wrong };
}

async function ask(url: string, authorization: string): Promise<string> {
  const [response] = await once(get(`${gateway.url}${url}`, { agent, headers: { authorization } }), 'response');
  const parts: string[] = [];
  for await (const part of response.setEncoding('utf8')) parts.push(String(part));
  return `${response.statusCode} ${parts.join('')}`;
}

describe('a gateway.yaml', () => {
  it('that changes a thousand times under load fails no request, whatever becomes of it in between', async () => {
    const enough = new AbortController();
    const authorization = `Bearer ${await gateway.issuer.token()}`;
    const clients = Array.from({ length: CLIENTS }, (_, at) => client(at, authorization, enough.signal));
    try {
      for (let at = 1; at <= CHANGES; at += 1) {
        if (at % 100 === 50) write(`${turn(at)}rotues: []\n`);
        else if (at % 100 === 70) rmSync(path);
        else write(turn(at));
        const { hash } = follower.state;
        follower.look();
        expect([at, follower.state.problem !== undefined]).toEqual([at, at % 100 === 50 || at % 100 === 70]);
        if (follower.state.problem) expect(follower.state.hash).toBe(hash);
        else expect(gateway.parts.routing.file.routes).toHaveLength(2 + (at % 20));
        await answered.promise; // each change is met by a request at least
      }
    } finally {
      enough.abort();
    }
    const results = await Promise.all(clients);
    expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThanOrEqual(CHANGES);
    expect(results.every(({ sent }) => sent > 0)).toBe(true);
  });
});
