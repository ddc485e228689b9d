import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { unavailable } from '@trellis/errors';
import { decodeJwt } from 'jose';
import { ANNA, type TestAuth, testAuth } from './auth.fixture.js';
import { Browser, authorizationRequest, logIn, redeem } from './browser.fixture.js';

describe('logging in', () => {
  let auth: TestAuth;
  let browser: Browser;
  beforeAll(async () => {
    auth = await testAuth();
  });
  beforeEach(() => {
    browser = new Browser();
    auth.userServiceFailure = undefined;
  });
  afterAll(() => auth.stop());

  /** The login page, opened by an application. */
  const openPage = async (changes = {}): Promise<Response> =>
    await browser.follow(await browser.get(authorizationRequest(auth.issuer, changes).url), auth.issuer);
  const tokens = async (response: Response) => (await response.json()) as Record<string, string>;

  it('gives an application an access token that says who logged in, and an id token', async () => {
    const request = authorizationRequest(auth.issuer);
    const callback = await logIn(browser, auth.issuer, request);
    expect(callback.href).toMatch(/^http:\/\/127\.0\.0\.1:51004\/callback\?code=/);
    expect(callback.searchParams.get('state')).toBe('the-state');
    const {
      access_token = '',
      id_token = '',
      refresh_token,
    } = await tokens(await redeem(auth.issuer, callback, request));
    expect(await auth.verifier.verify(access_token)).toMatchObject({
      kind: 'user',
      userId: ANNA.id,
      clientId: 'trellis-cli',
      scopes: new Set(['blog:write']),
    });
    expect(decodeJwt(id_token)).toMatchObject({ sub: ANNA.id, aud: 'trellis-cli', iss: auth.issuer });
    expect(refresh_token).toBeUndefined();
  });

  it('remembers who logged in, and renews the token of whom it was allowed to', async () => {
    await logIn(browser, auth.issuer, authorizationRequest(auth.issuer));
    const changes = { scope: 'openid offline_access blog:read', prompt: 'consent' };
    const request = authorizationRequest(auth.issuer, changes);
    const page = await browser.follow(await browser.get(request.url), auth.issuer);
    expect(await page.text()).toContain('Allow access?');
    const answer = await browser.follow(await browser.post(page.url, {}), auth.issuer);
    const callback = new URL(answer.headers.get('location') ?? '');
    const { refresh_token = '' } = await tokens(await redeem(auth.issuer, callback, request));
    const renew = () =>
      fetch(`${auth.issuer}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id: 'trellis-cli' }),
      });
    const { access_token = '' } = await tokens(await renew());
    expect(await auth.verifier.verify(access_token)).toMatchObject({ userId: ANNA.id, scopes: new Set(['blog:read']) });
    expect((await renew()).status).toBe(400); // it was rotated
  });

  it('refuses a code that was used, also when both come at once', async () => {
    const request = authorizationRequest(auth.issuer);
    const callback = await logIn(browser, auth.issuer, request);
    const both = await Promise.all([1, 2].map(() => redeem(auth.issuer, callback, request)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await tokens(await redeem(auth.issuer, callback, request))).toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses a code with the wrong verifier', async () => {
    const request = authorizationRequest(auth.issuer);
    const callback = await logIn(browser, auth.issuer, request);
    const stolen = { ...request, verifier: 'a'.repeat(43) };
    expect(await tokens(await redeem(auth.issuer, callback, stolen))).toMatchObject({ error: 'invalid_grant' });
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
  ])('sends an application with %s back', async (_, changes) => {
    const response = await browser.get(authorizationRequest(auth.issuer, changes).url);
    const callback = new URL(response.headers.get('location') ?? '');
    expect([callback.pathname, callback.searchParams.get('error')]).toEqual(['/callback', 'invalid_request']);
  });

  it('sends nobody to an address that the application has not registered', async () => {
    const response = await openPage({ redirect_uri: 'https://evil.example/<script>' });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(await response.text()).not.toContain('<script>');
  });

  it('says the same of a wrong password and of an unknown name, on the page, with the name kept and escaped', async () => {
    const page = await openPage();
    const wrong = await browser.post(page.url, { username: ANNA.username, password: 'wrong' });
    const unknown = await browser.post(page.url, { username: '"><script>', password: 'wrong' });
    const texts = [await wrong.text(), await unknown.text()];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    for (const text of texts) expect(text).toContain('role="alert" id="problem">Username or password is wrong.');
    expect(texts[1]).toContain('value="&quot;&gt;&lt;script&gt;"');
    const right = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
    expect(right.status).toBe(303);
  });

  it('slows down who guesses', async () => {
    const page = await openPage();
    const statuses: number[] = [];
    for (let guess = 0; guess < 6; guess++) {
      statuses.push((await browser.post(page.url, { username: 'bert', password: `guess ${guess}` })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('says so when the user service is away, and works again after it', async () => {
    const page = await openPage();
    auth.userServiceFailure = unavailable('No instance', { reason: 'NO_INSTANCE' });
    const away = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await away.text()).toContain('does not work at the moment');
    auth.userServiceFailure = undefined;
    expect((await browser.post(page.url, { username: ANNA.username, password: ANNA.password })).status).toBe(303);
  });

  it('takes a form from the browser that opened the page only', async () => {
    const page = await openPage();
    const answer = await new Browser().post(page.url, { username: ANNA.username, password: ANNA.password });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['no password', { username: 'anna' }, 400],
    ['a form too large', { username: 'anna', password: 'x'.repeat(9000) }, 413],
  ])('refuses %s', async (_, fields, status) => {
    expect((await browser.post((await openPage()).url, fields as Record<string, string>)).status).toBe(status);
  });

  it('lets a person cancel', async () => {
    const answer = await browser.post((await openPage()).url, { cancel: 'yes' });
    const back = await browser.follow(answer, auth.issuer);
    expect(new URL(back.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
  });

  it('asks before it lets a stranger in, and only for what was asked', async () => {
    const redirect = 'https://stranger.example/callback';
    const page = await openPage({ client_id: 'stranger', redirect_uri: redirect });
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://stranger.example;");
    const loggedIn = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
    const consent = await browser.follow(loggedIn, auth.issuer);
    const text = await consent.text();
    expect(text).toContain('A &lt;stranger&gt; asks to act for you');
    expect(text).toContain('<li><code>blog:write</code></li>');
    const allowed = await browser.follow(await browser.post(consent.url, {}), auth.issuer);
    expect(allowed.headers.get('location')).toMatch(/^https:\/\/stranger\.example\/callback\?code=/);
  });

  it("has no operator's scope to give: not for an application of the first party, which is not asked", async () => {
    const request = authorizationRequest(auth.issuer, { scope: 'openid registry:admin blog:read' });
    const callback = await logIn(browser, auth.issuer, request);
    const { access_token = '' } = await tokens(await redeem(auth.issuer, callback, request));
    expect((await auth.verifier.verify(access_token)).scopes).toEqual(new Set(['blog:read']));
  });

  it("has no operator's scope to give: not on the page that asks, nor after it", async () => {
    const request = authorizationRequest(auth.issuer, {
      client_id: 'stranger',
      redirect_uri: 'https://stranger.example/callback',
      scope: 'openid registry:admin blog:read',
    });
    const page = await browser.follow(await browser.get(request.url), auth.issuer);
    const loggedIn = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
    const consent = await browser.follow(loggedIn, auth.issuer);
    const text = await consent.text();
    expect(text).toContain('<li><code>blog:read</code></li>');
    expect(text).not.toContain('registry:admin');
    const allowed = await browser.follow(await browser.post(consent.url, {}), auth.issuer);
    const callback = new URL(allowed.headers.get('location') ?? '');
    const { access_token = '' } = await tokens(await redeem(auth.issuer, callback, request));
    expect((await auth.verifier.verify(access_token)).scopes).toEqual(new Set(['blog:read']));
  });
});
