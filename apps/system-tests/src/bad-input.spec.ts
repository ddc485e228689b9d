import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, RequestOptions } from '@trellis/demo';
import { SignJWT, UnsecuredJWT, decodeJwt, generateKeyPair } from 'jose';
import { type Person, machineToken, newPerson } from './people.js';
import { at, call } from './platform.js';

/** Every bad answer is a problem that says where, and never what the code looks like inside. */
function expectProblem(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(at(answer.body, 'status')).toBe(status);
  expect(at(answer.body, 'traceId')).toBe(answer.headers.get('x-trace-id'));
  expect(answer.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  expect(JSON.stringify(answer.body)).not.toMatch(/\.[jt]s:\d|node_modules| {4}at /);
}

const pointers = (answer: Answer): unknown[] =>
  (at(answer.body, 'errors') as { pointer?: string; parameter?: string }[]).map((e) => e.pointer ?? e.parameter);

describe('bad input', () => {
  let ada: Person;
  const post = (body: unknown, options: RequestOptions = {}) =>
    call('/v1/posts', { method: 'POST', token: ada.token, body, ...options });

  beforeAll(async () => {
    ada = await newPerson();
  });

  it('that is no JSON is a 400 that points at the body', async () => {
    const answer = await post('{"title": ');
    expectProblem(answer, 400);
    expect(pointers(answer)).toEqual(['#']);
  });

  it.each([
    ['a wrong type', { title: 1, content: 'x' }, '#/title'],
    ['an unknown field', { title: 'x', content: 'x', colour: 'red' }, '#/colour'],
    ['a missing field', { content: 'x' }, '#/title'],
    ['a field that is too long', { title: 'x'.repeat(201), content: 'x' }, '#/title'],
  ])('with %s is a 400 with its JSON pointer', async (_, body, pointer) => {
    const answer = await post(body);
    expectProblem(answer, 400);
    expect(pointers(answer)).toEqual([pointer]);
  });

  it('with two errors names both', async () => {
    const answer = await call('/v1/users', { method: 'POST', body: { username: 'a b', password: 'short' } });
    expectProblem(answer, 400);
    expect(pointers(answer).toSorted()).toEqual(['#/password', '#/username']);
  });

  it('in the query is a 400 that names the parameter', async () => {
    const answer = await call('/v1/posts?pageSize=1000', { token: ada.token });
    expectProblem(answer, 400);
    expect(pointers(answer)).toEqual(['pageSize']);
  });

  it('of another content type is a 415', async () => {
    expectProblem(await post('title=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415);
  });

  it('over the limit is a 413', async () => {
    expectProblem(await post({ title: 'x', content: 'x'.repeat(1024 * 1024) }), 413);
  });

  it('to a method that the path does not have is a 405 with Allow', async () => {
    const answer = await call('/v1/posts', { method: 'PUT', token: ada.token, body: {} });
    expectProblem(answer, 405);
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(expect.arrayContaining(['GET', 'POST']));
  });

  it.each(['/v1/nowhere', '/', '/v1/posts/a/b/c', '/trellis.user.v1.UserService/VerifyPassword'])(
    'to the unknown path %s is a 404',
    async (path) => {
      expectProblem(await call(path, { token: ada.token }), 404);
    },
  );

  it.each(['6fa459ea-ee8a-4ca4-894e-db77e160355e', 'no-such-id'])('with the unknown id %s is a 404', async (id) => {
    expectProblem(await call(`/v1/posts/${id}`, { token: ada.token }), 404);
    expectProblem(await call(`/v1/users/${id}`, { token: ada.token }), 404);
  });

  it('with a username that is taken is a 409', async () => {
    const body = { username: ada.username.toUpperCase(), password: 'long enough' };
    expectProblem(await call('/v1/users', { method: 'POST', body }), 409);
  });
});

describe('a bad token', () => {
  let real: string;
  let key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

  beforeAll(async () => {
    real = (await newPerson()).token;
    key = (await generateKeyPair('ES256')).privateKey;
  });

  const signed = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ ...decodeJwt(real), ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' }).sign(key);

  it.each<[string, () => Promise<string | undefined>]>([
    ['that is missing', async () => undefined],
    ['that is no token', async () => 'nonsense'],
    ['that is forged', () => signed({})],
    ['whose payload was changed', async () => changed(real, { sub: 'somebody-else' })],
    ['with alg none', async () => new UnsecuredJWT(decodeJwt(real)).encode()],
    ['that has expired', async () => changed(real, { exp: 1 })],
    ['for another audience', async () => changed(real, { aud: 'urn:other:api' })],
  ])('%s is a 401 with WWW-Authenticate', async (_, make) => {
    const token = await make();
    const answer = await call('/v1/posts', token === undefined ? {} : { token });
    expectProblem(answer, 401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('without a user reads and does not write', async () => {
    const token = await machineToken();
    expect((await call('/v1/posts', { token })).status).toBe(200);
    expectProblem(await call('/v1/posts', { method: 'POST', token, body: { title: 'x', content: 'x' } }), 403);
  });
});

/** The token with other claims and the old signature. */
function changed(token: string, claims: Record<string, unknown>): string {
  const [header = '', , signature = ''] = token.split('.');
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url');
  return [header, payload, signature].join('.');
}
