import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { tokenVerifier } from './credentials/token-verifier.js';
import { type Asked, HttpRegistry } from './registry.http.fixture.js';

let registry: HttpRegistry;
let blog: string;
beforeEach(async () => {
  registry = await new HttpRegistry().open();
  blog = registry.credentials.blog;
});
afterEach(() => registry.close());

const INSTANCES = '/v1/services/blog/instances';
const instance = { id: 'blog-1', version: '1.0.0', address: '10.0.0.7', port: 8000, protocol: 'http' };
const register = (more: object = {}, asked: Asked = {}) =>
  registry.ask('POST', INSTANCES, { body: { ...instance, ...more }, credential: blog, ...asked });
const beat = (id = 'blog-1', asked: Asked = {}) =>
  registry.ask('PUT', `${INSTANCES}/${id}/heartbeat`, { credential: blog, ...asked });
const states = async () => {
  const { body } = await registry.ask('GET', INSTANCES);
  return (body['instances'] as { id: string; state: string }[]).map(({ id, state }) => [id, state]);
};

describe('the life of an instance that sends plain requests', () => {
  it('begins, is kept up by beats and ends', async () => {
    const registered = await register({ ttl: '3s', tags: ['canary'], metadata: { team: 'a' }, zone: 'z1' });
    expect(registered).toMatchObject({ status: 200, body: { ttl: '3s', pending: [] } });
    expect(registered.body['instance']).toMatchObject({
      ...{ id: 'blog-1', service: 'blog', address: '10.0.0.7:8000', state: 'STATE_SERVING', protocol: 'PROTOCOL_HTTP' },
      ...{ tags: ['canary'], zone: 'z1', metadata: { team: 'a', start_time: expect.any(String) } },
    });
    registry.pass(2_900);
    expect((await beat()).status).toBe(200);
    registry.pass(2_900);
    expect(await states()).toEqual([['blog-1', 'STATE_SERVING']]);
    expect(await registry.ask('DELETE', `${INSTANCES}/blog-1`, { credential: blog })).toMatchObject({
      status: 200,
      body: {},
    });
    expect(await states()).toEqual([]);
  });

  it('ends after its ttl in silence, and the next beat says what to do', async () => {
    await register({ ttl: '3s' });
    registry.pass(3_100);
    expect(await states()).toEqual([]);
    const { status, body } = await beat();
    expect([status, body['detail'], body['reason']]).toEqual([
      404,
      'blog-1 is not listed: register it again',
      'NOT_LISTED',
    ]);
    expect((await register()).status).toBe(200);
  });

  it('says of itself how it is', async () => {
    await register();
    expect((await beat('blog-1', { body: { state: 'draining' } })).body['instance']).toMatchObject({
      state: 'STATE_DRAINING',
    });
    expect((await beat('blog-1', { body: { state: 'not_serving' } })).status).toBe(200);
    expect(await states()).toEqual([['blog-1', 'STATE_NOT_SERVING']]);
    await beat();
    expect(await states()).toEqual([['blog-1', 'STATE_SERVING']]);
  });

  it('is one entry when it registers again, with the same beginning', async () => {
    const first = (await register()).body['instance'] as { metadata: object };
    const again = (await register({ version: '1.0.1' })).body['instance'];
    expect(again).toMatchObject({ version: '1.0.1', metadata: first.metadata });
    await register({ id: 'blog-1b' }); // the same address
    expect(await states()).toEqual([['blog-1b', 'STATE_SERVING']]);
  });

  it('asks to be looked after', async () => {
    const { body } = await register({ healthPath: '/healthz' });
    expect(body['instance']).toMatchObject({ probe: { path: '/healthz' } });
  });

  it('may have a contract', async () => {
    const { body } = await register({
      protocol: 'grpc',
      grpcServices: [BlogService.typeName],
      descriptorSet: Buffer.from(descriptorSet([BlogService])).toString('base64'),
    });
    expect(body['instance']).toMatchObject({ contractHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { contracts } = (await registry.ask('GET', '/v1/contracts?service=blog')).body as { contracts: object[] };
    expect(contracts).toMatchObject([
      { service: 'blog', instances: 1, methods: BlogService.methods.length, versions: ['1.0.0'], pending: [] },
    ]);
    expect(contracts[0]).toMatchObject({ routes: expect.arrayContaining(['GET /v1/posts/{id}']) });
  });

  it('cannot have what no client could ask for, or what takes a terminal for a fool', async () => {
    const escape = '\u001b[2J';
    const refused = {
      id: '..',
      version: escape,
      zone: '\u009b31m',
      metadata: { team: escape },
      grpcServices: [escape],
    };
    for (const [field, value] of Object.entries(refused)) {
      const { status, body } = await register({ [field]: value });
      expect({ field, status }).toEqual({ field, status: 400 });
      expect(body['errors']).toEqual([expect.objectContaining({ pointer: expect.stringMatching(`^#/${field}`) })]);
      expect(JSON.stringify(body)).not.toContain('[2J');
    }
  });

  it('has an address with brackets when that is IPv6', async () => {
    expect((await register({ address: '::1' })).body['instance']).toMatchObject({ address: '[::1]:8000' });
  });
});

describe('a plain request is refused', () => {
  const user = () => registry.credentials.user;
  it.each<[string, () => Promise<object>, number, string | undefined]>([
    ['without a credential', () => register({}, { credential: undefined } as Asked), 401, 'CREDENTIAL_MISSING'],
    ['with an unknown one', () => register({}, { credential: 'x'.repeat(43) }), 401, 'CREDENTIAL_INVALID'],
    ["with another service's", () => register({}, { credential: user() }), 403, 'SERVICE_NOT_YOURS'],
    ['that is not JSON', () => register({}, { headers: { 'content-type': 'text/plain' } }), 415, 'UNSUPPORTED_CONTENT'],
    ['that cannot be read', () => register({}, { body: '{' }), 400, undefined],
    ['with an unknown field', () => register({ colour: 'green' }), 400, undefined],
    ['with an odd id', () => register({ id: 'a b' }), 400, undefined],
    ['with an odd address', () => register({ address: 'evil/path' }), 400, undefined],
    ['with an odd tag', () => register({ tags: ['a b'] }), 400, undefined],
    ['with no port', () => register({ port: 0 }), 400, undefined],
    ['with an unknown protocol', () => register({ protocol: 'carrier pigeon' }), 400, undefined],
    ['with an eternal ttl', () => register({ ttl: '86400s' }), 400, undefined],
    ['with an unknown state', () => beat('blog-1', { body: { state: 'tired' } }), 400, undefined],
    [
      'that is too large',
      () => register({}, { body: JSON.stringify({ id: 'x'.repeat(600_000) }) }),
      413,
      'BODY_TOO_LARGE',
    ],
    ['for an instance that is not there', () => beat('nobody'), 404, 'NOT_LISTED'],
  ])('%s', async (_case, send, status, reason) => {
    const answer = await send();
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer).toHaveProperty('headers');
    const { headers, body } = answer as Awaited<ReturnType<typeof register>>;
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body['reason']).toBe(reason);
  });

  it("for another service's instance, under whatever name", async () => {
    await register();
    const other = registry.credentials.user;
    for (const service of ['blog', 'user']) {
      const path = `/v1/services/${service}/instances/blog-1`;
      await registry.ask('PUT', `${path}/heartbeat`, { credential: other, body: { state: 'draining' } });
      await registry.ask('DELETE', path, { credential: other });
    }
    const taken = { ...instance, version: '6.6.6' };
    const answer = await registry.ask('POST', '/v1/services/user/instances', { body: taken, credential: other });
    expect(answer).toMatchObject({ status: 409, body: { reason: 'ID_TAKEN' } });
    expect(await states()).toEqual([['blog-1', 'STATE_SERVING']]);
  });

  it('after too many, and others go on', async () => {
    await register();
    const answers = await Promise.all(Array.from({ length: 40 }, () => beat()));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused).toMatchObject({ body: { reason: 'TOO_MANY_REQUESTS' } });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect((await register({ id: 'blog-2', port: 8001 })).status).toBe(200);
    registry.now += 1_000;
    expect((await beat()).status).toBe(200);
  });
});

describe('what is no HTTP request', () => {
  it.each([
    ['garbage', 'HELLO\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    ['huge headers', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is refused with a problem too: %s', async (_case, text, status) => {
    const answer = await registry.raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
  });
});

describe('the lists', () => {
  beforeEach(async () => {
    await register({ tags: ['canary', 'blue'], zone: 'z1', metadata: { team: 'a' } });
    await register({ id: 'blog-2', port: 8001, version: '2.0.0', zone: 'z2', tags: ['blue'] });
  });

  it.each([
    ['?version=2.0.0', ['blog-2']],
    ['?zone=z1', ['blog-1']],
    ['?tag=blue', ['blog-1', 'blog-2']],
    ['?tag=blue&tag=canary', ['blog-1']],
    ['?metadata=team=a', ['blog-1']],
    ['?metadata=team=a&metadata=constructor=x', []],
    ['?zone=z1&version=2.0.0', []],
  ])('can be filtered: %s', async (query, ids) => {
    const { body } = await registry.ask('GET', INSTANCES + query);
    expect((body['instances'] as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });

  it('have the services', async () => {
    const { body } = await registry.ask('GET', '/v1/services');
    expect(body).toMatchObject({
      services: [{ name: 'blog', instances: 2, serving: 2, versions: ['1.0.0', '2.0.0'], preserved: false }],
      epoch: 'e1',
      revision: '2',
    });
  });

  it('say that the registry is there', async () => {
    expect(await registry.ask('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'SERVING', epoch: 'e1' },
    });
  });

  it.each([
    ['an unknown service', '/v1/services/nobody/instances', 404, 'SERVICE_NOT_FOUND'],
    ['an unknown path', '/v1/nothing', 404, undefined],
    ['an unknown parameter', '/v1/services?colour=green', 400, undefined],
    ['a label without a value', `${INSTANCES}?metadata=team`, 400, undefined],
    ['a name that is too long', `/v1/services/${'x'.repeat(64)}/instances`, 400, undefined],
  ])('answer %s with a problem', async (_case, path, status, reason) => {
    const answer = await registry.ask('GET', path);
    expect(answer).toMatchObject({ status, body: { status } });
    expect([answer.headers.get('content-type'), answer.body['reason']]).toEqual(['application/problem+json', reason]);
  });

  it('name the methods that a path has', async () => {
    const answer = await registry.ask('PATCH', INSTANCES);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});

describe('an operator', () => {
  beforeEach(async () => void (await register()));
  const post = (path: string, credential?: string) =>
    registry.ask('POST', path, { body: {}, ...(credential !== undefined && { credential }) });

  it('drains an instance, whatever it says of itself, and puts it back', async () => {
    const drained = await post(`${INSTANCES}/blog-1:drain`, 'operator');
    expect(drained.body['instance']).toMatchObject({ state: 'STATE_DRAINING' });
    await beat();
    expect(await states()).toEqual([['blog-1', 'STATE_DRAINING']]);
    await post(`${INSTANCES}/blog-1:undrain`, 'operator');
    expect(await states()).toEqual([['blog-1', 'STATE_SERVING']]);
  });

  it('has to be one', async () => {
    const path = `${INSTANCES}/blog-1:drain`;
    expect(await post(path)).toMatchObject({ status: 401, body: { reason: 'TOKEN_MISSING' } });
    expect(await post(path, 'someone')).toMatchObject({ status: 403, body: { reason: 'SCOPE_MISSING' } });
    expect(await post(path, blog)).toMatchObject({ status: 403 });
    expect(await states()).toEqual([['blog-1', 'STATE_SERVING']]);
  });

  it('asks for what there is', async () => {
    expect(await post(`${INSTANCES}/nobody:drain`, 'operator')).toMatchObject({ status: 404 });
    expect(await post('/v1/services/user/instances/blog-1:drain', 'operator')).toMatchObject({ status: 404 });
    expect(await post(`/v1/contracts/${'0'.repeat(64)}:approve`, 'operator')).toMatchObject({ status: 404 });
  });
});

describe('a registry without an issuer', () => {
  it('says which variables are missing', async () => {
    const alone = await new HttpRegistry({ verifier: tokenVerifier({ TOKEN_AUDIENCE: 'x' }) }).open();
    const answer = await alone.ask('POST', `${INSTANCES}/blog-1:drain`, { body: {}, credential: 'some.token' });
    await alone.close();
    expect(answer).toMatchObject({ status: 503, body: { reason: 'NO_ISSUER' } });
    expect(answer.body['detail']).toContain('ISSUER_URL and JWKS_URL');
  });
});
