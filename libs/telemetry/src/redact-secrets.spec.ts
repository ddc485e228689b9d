import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REDACTED, redactSecrets, redactText } from './redact-secrets.js';

const SECRET = 'hunter2';

const names = [
  'authorization',
  'Authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwordHash',
  'new_password',
  'token',
  'access_token',
  'accessToken',
  'refresh_token',
  'id_token',
  'secret',
  'client_secret',
  'clientSecret',
  'CLIENT_SECRET',
  'client_assertion',
  'credential',
  'api_key',
  'apiKey',
  'x-api-key',
  'private_key',
  'code_verifier',
  'DATABASE_URL',
];

describe('redactSecrets', () => {
  it.each(names)('hides %s at the top, in objects, in lists and in errors', (name) => {
    const secret = { [name]: SECRET };
    const error = Object.assign(new Error('refused'), { request: { headers: secret } });
    const written = JSON.stringify(
      redactSecrets({ ...secret, a: { b: [{ c: secret }] }, error, map: new Map([[name, SECRET]]) }),
    );
    expect(written).not.toContain(SECRET);
    expect(written).toContain(REDACTED);
  });

  it('hides a secret wherever it lies', () => {
    const place = fc.array(fc.oneof(fc.constant('[]'), fc.string()), { maxLength: 20 });
    fc.assert(
      fc.property(place, fc.constantFrom(...names), (path, name) => {
        const nested = path.reduceRight<object>((inner, step) => (step === '[]' ? [inner] : { [step]: inner }), {
          [name]: SECRET,
        });
        expect(JSON.stringify(redactSecrets({ nested }))).not.toContain(SECRET);
      }),
    );
  });

  it('keeps everything else as it was', () => {
    const fields = {
      service: 'blog',
      count: 3,
      none: null,
      list: [1, 'two'],
      at: new Date(0),
      tokenCount: 7,
      passwordless: true,
    };
    expect(redactSecrets(fields)).toEqual({ ...fields, at: '1970-01-01T00:00:00.000Z' });
  });

  it('ends on a cycle and says how long bytes are instead of what they are', () => {
    const loop: Record<string, unknown> = { bytes: Buffer.from(SECRET) };
    loop['self'] = loop;
    const written = JSON.stringify(redactSecrets(loop));
    expect(written).toContain('[too deep]');
    expect(written).toContain('[7 bytes]');
  });

  it('tells the type, the message and the causes of an error', () => {
    const error = new TypeError('no such post', { cause: new Error('gone') });
    expect(redactSecrets({ err: error })).toMatchObject({
      err: { type: 'TypeError', message: 'no such post: gone', stack: expect.stringContaining('redact-secrets.spec') },
    });
  });
});

describe('redactText', () => {
  it.each([
    ['cannot reach postgresql://blog:hunter2@db:5432/blog', 'cannot reach postgresql://blog:[redacted]@db:5432/blog'],
    ['sent authorization: Bearer hunter2hunter2', 'sent authorization: Bearer [redacted]'],
    ['basic aHVudGVyMg== was refused', 'basic [redacted] was refused'],
    ['no key for eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.hunter2', 'no key for [redacted]'],
    ['GET /callback?code=hunter2&state=x', 'GET /callback?code=[redacted]&state=x'],
    ['{"msg":"redis://:hunter2@cache","level":"warn"}', '{"msg":"redis://:[redacted]@cache","level":"warn"}'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('leaves everything else as it is', () => {
    for (const text of [
      'http://127.0.0.1:4318/v1/traces',
      'a bearer of news',
      'eyJ',
      'user@example.org',
      '?post_id=7',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  it('leaves JSON what it was, and is quick with whatever comes', () => {
    const parts = ['://', ':', '@', 'Bearer ', 'eyJ', '.', '?code=', '&', 'a', '"', '\\', ' ', '/'];
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 60 }).map((list) => list.join(''));
    fc.assert(fc.property(text, (msg) => typeof JSON.parse(redactText(JSON.stringify({ msg }))).msg === 'string'));
    for (const part of parts) expect(redactText(part.repeat(100_000)).length).toBeGreaterThan(0);
  });
});
