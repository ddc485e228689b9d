import { createHash, randomBytes } from 'node:crypto';
import { CookieJar } from 'tough-cookie';
import { ANNA } from './auth.fixture.js';

/** A person's browser, as far as logging in needs one: cookies, and redirects one at a time. */
export class Browser {
  readonly #jar = new CookieJar();

  async get(url: string): Promise<Response> {
    return await this.#send(url, {});
  }

  async post(url: string, fields: Record<string, string>): Promise<Response> {
    return await this.#send(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Follows redirects as long as they stay at the origin; returns the last answer. */
  async follow(response: Response, origin: string): Promise<Response> {
    const location = response.headers.get('location');
    if (location === null || !new URL(location, response.url).href.startsWith(origin)) return response;
    return await this.follow(await this.get(new URL(location, response.url).href), origin);
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    const headers = { cookie: await this.#jar.getCookieString(url), accept: 'text/html' };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) await this.#jar.setCookie(cookie, url);
    return response;
  }
}

export interface AuthorizationRequest {
  readonly url: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly clientId: string;
}

/** An authorization request with PKCE; `changes` replace parameters, and undefined removes one. */
export function authorizationRequest(
  issuer: string,
  changes: Record<string, string | undefined> = {},
): AuthorizationRequest {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = {
    client_id: 'trellis-cli',
    redirect_uri: 'http://127.0.0.1:51004/callback',
    response_type: 'code',
    scope: 'openid blog:write',
    state: 'the-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const url = `${issuer}/oauth2/auth?${new URLSearchParams(given)}`;
  return { url, verifier, redirectUri: parameters.redirect_uri, clientId: parameters.client_id };
}

/** Where the application is called back, once Anna has logged in on the page. */
export async function logIn(browser: Browser, issuer: string, { url }: AuthorizationRequest): Promise<URL> {
  const page = await browser.follow(await browser.get(url), issuer);
  const answer = await browser.post(page.url, { username: ANNA.username, password: ANNA.password });
  const last = await browser.follow(answer, issuer);
  return new URL(last.headers.get('location') ?? '', last.url);
}

/** The answer of the token endpoint to a code. */
export async function redeem(issuer: string, callback: URL, request: AuthorizationRequest): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: request.redirectUri,
    client_id: request.clientId,
    code_verifier: request.verifier,
  });
  return await fetch(`${issuer}/oauth2/token`, { method: 'POST', body });
}
