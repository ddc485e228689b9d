import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANNA, DEV, type TestAuth, testAuth } from './auth.fixture.js';
import { Browser, authorizationRequest } from './browser.fixture.js';

describe('without its database, auth', () => {
  let auth: TestAuth;
  const browser = new Browser();
  let loginPage: string;
  beforeAll(async () => {
    auth = await testAuth();
    const page = await browser.follow(await browser.get(authorizationRequest(auth.issuer).url), auth.issuer);
    loginPage = page.url;
    await auth.endDatabase();
  });
  afterAll(() => auth.stop());

  const expectUnavailable = (response: Response) => {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  };

  it('tells a person on a page to come back later', async () => {
    for (const answer of [
      await browser.get(loginPage),
      await browser.post(loginPage, { username: ANNA.username, password: ANNA.password }),
    ]) {
      expectUnavailable(answer);
      expect(await answer.text()).toContain('Please try again in a moment');
    }
  });

  it('tells a program so, and no more', async () => {
    const answer = await fetch(`${auth.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'trellis-cli',
        code: 'a'.repeat(43),
        code_verifier: 'b'.repeat(43),
        redirect_uri: 'http://127.0.0.1/callback',
      }),
    });
    expectUnavailable(answer);
    expect(await answer.json()).toEqual({ error: 'server_error', error_description: expect.any(String) });
  });

  it('still gives a client its own token, which needs no database', async () => {
    const answer = await fetch(`${auth.issuer}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${DEV.id}:${DEV.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'blog:read' }),
    });
    expect(answer.status).toBe(200);
  });
});
