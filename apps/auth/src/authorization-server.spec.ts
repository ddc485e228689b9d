import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { AUDIENCE, DEV, JOB, type TestAuth, testAuth } from './auth.fixture.js';
import { authorizationRequest } from './browser.fixture.js';

describe('the authorization server', () => {
  const printed = [jest.spyOn(console, 'warn'), jest.spyOn(console, 'info')];
  let auth: TestAuth;
  beforeAll(async () => {
    auth = await testAuth();
  });
  afterAll(() => auth.stop());

  const token = (fields: Record<string, string>, secret = DEV.secret, id = DEV.id): Promise<Response> =>
    fetch(`${auth.issuer}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }),
    });

  it('gives a client a JWT access token that every service can verify', async () => {
    const response = await token({ scope: 'blog:read user:read no:such' });
    expect(response.status).toBe(200);
    const { access_token, ...rest } = (await response.json()) as { access_token: string };
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 900, scope: 'blog:read user:read' });
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(access_token)).toMatchObject({ iss: auth.issuer, aud: AUDIENCE, sub: DEV.id, client_id: DEV.id });
    const caller = await auth.verifier.verify(access_token);
    expect(caller).toMatchObject({ kind: 'client', subject: DEV.id, scopes: new Set(['blog:read', 'user:read']) });
  });

  it("gives an operator's scope to an operator's client, and leaves it out of any other's token", async () => {
    const scope = 'registry:admin blog:read';
    expect(await (await token({ scope })).json()).toMatchObject({ scope });
    const answer = (await (await token({ scope }, JOB.secret, JOB.id)).json()) as { access_token: string };
    expect(answer).toMatchObject({ scope: 'blog:read' });
    expect((await auth.verifier.verify(answer.access_token)).scopes).toEqual(new Set(['blog:read']));
  });

  it.each([
    ['a wrong secret', {}, 'wrong', 401, 'invalid_client'],
    ['another resource', { resource: 'https://elsewhere.example' }, DEV.secret, 400, 'invalid_target'],
    ['a grant that the client may not use', { grant_type: 'authorization_code' }, DEV.secret, 400, 'invalid_request'],
  ])('refuses %s', async (_, fields, secret, status, error) => {
    const response = await token(fields, secret);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error });
  });

  it('refuses a NUL wherever a request may hold one: PostgreSQL would fail on it', async () => {
    for (const [fields, status, error] of [
      [{ grant_type: 'client_credentials', client_id: 'a\0', client_secret: 'b' }, 401, 'invalid_client'],
      [{ grant_type: 'refresh_token', client_id: 'trellis-cli', refresh_token: 'a\0' }, 400, 'invalid_grant'],
    ] as const) {
      const body = new URLSearchParams(fields);
      const response = await fetch(`${auth.issuer}/oauth2/token`, { method: 'POST', body });
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ error })]);
    }
    const ask = async (state: string) => {
      const response = await fetch(authorizationRequest(auth.issuer, { state }).url, { redirect: 'manual' });
      return response.headers.get('location') ?? '';
    };
    expect(await ask('a\0')).toMatch(/^http:\/\/127\.0\.0\.1:51004\/callback\?error=invalid_request&/);
    expect(await ask('a\\u0000')).toMatch(/^\/oauth2\/interaction\//); // a backslash and five characters, which is text
  });

  it('lets pages where a public client is at home ask for that client: on a loopback address, at any port', async () => {
    const ask = async (origin: string, client_id: string): Promise<unknown> => {
      const fields = { grant_type: 'authorization_code', client_id, code: 'x', code_verifier: 'x', redirect_uri: 'x' };
      const body = new URLSearchParams(fields);
      const response = await fetch(`${auth.issuer}/oauth2/token`, { method: 'POST', headers: { origin }, body });
      return ((await response.json()) as { error_description: string }).error_description;
    };
    for (const [origin, client] of [
      ['http://127.0.0.1:8080', 'trellis-cli'],
      ['https://stranger.example', 'stranger'],
    ] as const) {
      expect(await ask(origin, client)).not.toContain('not allowed');
    }
    for (const [origin, client] of [
      ['https://127.0.0.1:8080', 'trellis-cli'],
      ['http://127.0.0.2:8080', 'trellis-cli'],
      ['https://stranger.example:8080', 'stranger'],
      ['null', 'stranger'],
    ] as const) {
      expect(await ask(origin, client)).toBe(`origin ${origin} not allowed for client: ${client}`);
    }
  });

  it('publishes addresses below the issuer, whatever host it is asked under', async () => {
    const url = `${auth.issuer}/.well-known/openid-configuration`;
    expect(await (await fetch(url)).json()).toMatchObject({
      issuer: auth.issuer,
      authorization_endpoint: `${auth.issuer}/oauth2/auth`,
      token_endpoint: `${auth.issuer}/oauth2/token`,
      jwks_uri: `${auth.issuer}/oauth2/jwks`,
      code_challenge_methods_supported: ['S256'],
    });
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await (await fetch(url, { headers: forwarded })).text()).not.toContain('evil.example');
  });

  it('publishes no private part of a key', async () => {
    const { keys } = (await (await fetch(`${auth.issuer}/oauth2/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {})).not.toContain('d');
  });

  it('answers what it does not know with JSON for programs and a page for people', async () => {
    const unknown = `${auth.issuer}/oauth2/nothing`;
    const json = await fetch(unknown);
    expect([json.status, await json.json()]).toEqual([404, expect.objectContaining({ error: 'not_found' })]);
    const page = await fetch(unknown, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('runs with none of the settings that oidc-provider warns of', () => {
    for (const print of printed) expect(print).not.toHaveBeenCalled();
  });
});
