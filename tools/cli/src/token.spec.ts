import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakePlatform, fakePlatform } from './platform.fixture.js';
import { clientToken, userToken } from './token.js';

describe('tokens', () => {
  let platform: FakePlatform;
  beforeEach(async () => {
    platform = await fakePlatform();
  });
  afterEach(() => platform.stop());

  const ada = { username: 'ada', password: 'right' };

  it('of a person come through the login page, with PKCE and every scope', async () => {
    expect(await userToken(platform.url, ada)).toBe('the-token');
    expect(platform.tokenRequests).toEqual([
      expect.objectContaining({ grant_type: 'authorization_code', client_id: 'trellis-cli', code: 'the-code' }),
    ]);
  });

  it('of the development client need the secret in the clients file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-cli-'));
    const file = join(folder, 'clients.json');
    writeFileSync(file, JSON.stringify([{ client_id: 'trellis-dev', client_secret: 's3cret' }]));
    expect(await clientToken(platform.url, file, 'blog:read')).toBe('the-token');
    expect(platform.tokenRequests).toEqual([
      { grant_type: 'client_credentials', scope: 'blog:read', authorization: `Basic ${btoa('trellis-dev:s3cret')}` },
    ]);
    writeFileSync(file, '[]');
    await expect(clientToken(platform.url, file)).rejects.toThrow(/has no client trellis-dev/);
    rmSync(folder, { recursive: true });
  });

  it('without any scope are not handed out as if they had what was asked', async () => {
    const claims = Buffer.from(JSON.stringify({ sub: 'ada' })).toString('base64url');
    Object.assign(platform.behaviour, { granted: '', token: `e30.${claims}.c2ln` });
    await expect(userToken(platform.url, { ...ada, scope: 'fly' })).rejects.toThrow(/^Not granted: fly\. There are: /);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, {}, 'Username or password is wrong'],
    ['too many attempts', {}, { loginStatus: 429 }, 'Too many attempts: try again in 7 s'],
    ['a login that does not work', {}, { loginStatus: 503 }, 'The login page answered 503: try again in 7 s'],
    ['a page after the login', {}, { loginStatus: 200 }, /log in with a browser once/],
    ['a refusal', {}, { callback: 'error=access_denied' }, 'The login was refused: access_denied'],
    ['an answer of another issuer', {}, { issuer: 'http://evil.example' }, /belongs to another request/],
    ['an answer to another request', {}, { state: 'other' }, /belongs to another request/],
    [
      'a scope that is not granted',
      { scope: 'blog:read fly' },
      { granted: 'blog:read' },
      /^Not granted: fly\. There are: /,
    ],
    ['a way to somewhere else', {}, { leadsTo: 'http://evil.example/' }, /leads astray, to http:\/\/evil\.example/],
  ])('end in words for people at %s', async (_, person, behaviour, words) => {
    Object.assign(platform.behaviour, behaviour);
    await expect(userToken(platform.url, { ...ada, ...person })).rejects.toThrow(words);
  });

  it('say what to do when nothing answers, or something else does', async () => {
    await expect(userToken('http://127.0.0.1:1', ada)).rejects.toThrow(
      /^Nothing answers at http:\/\/127\.0\.0\.1:1\..*npm start/,
    );
    platform.behaviour.noProvider = true;
    await expect(userToken(platform.url, ada)).rejects.toThrow(/is no gateway of Trellis$/);
  });
});
