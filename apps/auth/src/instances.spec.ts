import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANNA, type TestAuth, testAuth } from './auth.fixture.js';
import { Browser, authorizationRequest, logIn, redeem } from './browser.fixture.js';

describe('several instances on one database', () => {
  let auth: TestAuth;
  beforeAll(async () => {
    auth = await testAuth(3);
  });
  afterAll(() => auth.stop());

  const keyIds = async (): Promise<string[]> => {
    const sets = await Promise.all(
      [1, 2, 3].map(
        async () => (await fetch(`${auth.issuer}/oauth2/jwks`)).json() as Promise<{ keys: { kid: string }[] }>,
      ),
    );
    return sets.flatMap(({ keys }) => keys.map(({ kid }) => kid));
  };

  it('make one key when they start at once', async () => {
    const ids = await keyIds();
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('finish what another one began: page, form, session and code', async () => {
    const browser = new Browser();
    const request = authorizationRequest(auth.issuer);
    const callback = await logIn(browser, auth.issuer, request);
    expect((await redeem(auth.issuer, callback, request)).status).toBe(200);
    const again = await browser.follow(await browser.get(authorizationRequest(auth.issuer).url), auth.issuer);
    expect(again.headers.get('location')).toMatch(/[?&]code=/);
  });

  it('keep keys, logins under way and sessions over a restart', async () => {
    const before = await keyIds();
    const browser = new Browser();
    const page = await browser.follow(await browser.get(authorizationRequest(auth.issuer).url), auth.issuer);
    await auth.restart();
    expect(await keyIds()).toEqual(before);
    const answer = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
    const callback = await browser.follow(answer, auth.issuer);
    expect(callback.headers.get('location')).toMatch(/[?&]code=/);
  });
});
