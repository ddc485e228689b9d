import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { UserService } from '@trellis/contracts/user/v1';
import { BlogBackend } from './data-plane/blog-backend.fixture.js';
import { blogAt } from './data-plane/instances.fixture.js';
import { TestGateway } from './data-plane/test-gateway.fixture.js';

const file = readFileSync(join(import.meta.dirname, '../examples/two-hosts.yaml'), 'utf8');
const gateway = new TestGateway();
const backend = new BlogBackend();
let token = '';

beforeAll(async () => {
  await Promise.all([backend.start({ p1: { id: 'p1', title: 'First' } }), gateway.start({ file })]);
  gateway.directory.contracts.set('user-contract', descriptorSet([UserService]));
  const user = { id: 'user-1', service: 'user', contractHash: 'user-contract', grpcServices: [UserService.typeName] };
  gateway.directory.set(blogAt(backend.address), blogAt('127.0.0.1:1', user));
  token = await gateway.issuer.token({ scope: 'blog:read blog:write' });
  await ask('GET', 'blog.example.com', '/get_post?post_id=p1');
});
afterAll(async () => {
  await gateway.stop();
  backend.stop();
});

interface Told {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly json: Readonly<Record<string, unknown>>;
}

/** As curl asks with `-H "host: …"`, which fetch does not let anybody set. */
async function ask(method: string, host: string, target: string, body = '', bearer = token): Promise<Told> {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', 'X-Correlation-Id: order-7'];
  if (bearer !== '') lines.push(`Authorization: Bearer ${bearer}`);
  if (body !== '') lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  const raw = await gateway.raw([...lines, '', body].join('\r\n'), '\u0000');
  const end = raw.indexOf('\r\n\r\n');
  const [first = '', ...head] = raw.slice(0, end).split('\r\n');
  const headers = new Map(head.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  return {
    status: Number(first.split(' ')[1]),
    headers,
    json: JSON.parse(raw.slice(end + 4) || '{}') as Told['json'],
  };
}

describe('the example for two hosts', () => {
  it('writes and reads posts under the first', async () => {
    const made = await ask('POST', 'blog.example.com', '/create_post', '{"title":"Hello","content":"From curl"}');
    expect([made.status, made.json['title']]).toEqual([200, 'Hello']);
    const read = await ask('GET', 'blog.example.com', '/get_post?post_id=p1');
    expect([read.status, read.json['title']]).toEqual([200, 'First']);
  });

  it('asks for scopes, and for none where the contract is public', async () => {
    expect((await ask('GET', 'blog.example.com', '/get_post?post_id=p1', '', '')).status).toBe(401);
    expect((await ask('GET', 'user.example.com', '/get_user?user_id=u1', '', '')).status).toBe(401);
    expect((await ask('GET', 'user.example.com', '/get_user?user_id=u1')).status).toBe(403);
    const made = await ask('POST', 'user.example.com', '/create_user', '{"username":"ada","password":"x"}', '');
    expect([made.status, made.json['reason']]).toEqual([503, 'CONNECT_FAILED']); // it went as far as the service
  });

  it('has each path under its host and with its method only', async () => {
    expect((await ask('GET', 'user.example.com', '/get_post?post_id=p1')).json['reason']).toBe('NO_ROUTE');
    expect((await ask('GET', 'blog.example.com', '/v1/posts/p1')).json['reason']).toBe('NO_ROUTE');
    const wrong = await ask('GET', 'blog.example.com', '/create_post');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask('GET', 'localhost', '/v1/posts/p1')).status).toBe(200);
  });

  it('says ids, who answered and what a browser may make of it in every answer', async () => {
    const { headers } = await ask('GET', 'blog.example.com', '/get_post?post_id=p1');
    expect(headers.get('x-request-id')).toMatch(/\S/);
    expect(headers.get('x-correlation-id')).toBe('order-7');
    expect([headers.get('x-service'), headers.get('server-timing')]).toEqual(['blog', expect.stringMatching(/dur=/)]);
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store']);
    const refused = await ask('GET', 'blog.example.com', '/nothing');
    expect([refused.status, refused.headers.get('x-content-type-options')]).toEqual([404, 'nosniff']);
  });

  it('takes 64 KiB at most', async () => {
    const large = JSON.stringify({ title: 'x', content: 'a'.repeat(70_000) });
    expect((await ask('POST', 'blog.example.com', '/create_post', large)).status).toBe(413);
  });
});
