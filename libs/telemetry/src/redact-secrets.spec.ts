import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REDACTED, redactSecrets } from './redact-secrets.js';

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
