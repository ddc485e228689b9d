import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Representation, encodingFor } from './representation.js';

const TEXT = 'something that repeats '.repeat(100);
const body = new TextEncoder().encode(TEXT);
const text = new Representation('text/plain', body, { 'cache-control': 'no-cache' });

describe('a representation', () => {
  it('is the same in every encoding', async () => {
    const [br, gzip, plain] = await Promise.all(
      ['br, gzip', 'gzip', undefined].map((acceptEncoding) => text.answer({ acceptEncoding })),
    );
    expect(br?.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br?.body ?? new Uint8Array()).toString()).toBe(TEXT);
    expect(gzip?.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip?.body ?? new Uint8Array()).toString()).toBe(TEXT);
    expect([plain?.headers['content-encoding'], plain?.body]).toEqual([undefined, body]);
    expect(new Set([br, gzip, plain].map((answer) => answer?.headers['etag'])).size).toBe(1);
    expect(br?.headers).toMatchObject({ vary: 'accept-encoding', 'cache-control': 'no-cache' });
  });

  it('is compressed once', async () => {
    const [one, other] = await Promise.all([
      text.answer({ acceptEncoding: 'br' }),
      text.answer({ acceptEncoding: 'br' }),
    ]);
    expect(one.body).toBe(other.body);
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await text.answer({});
    const etag = headers['etag'] ?? '';
    for (const ifNoneMatch of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const again = await text.answer({ ifNoneMatch, acceptEncoding: 'br' });
      expect([again.status, again.body.length, again.headers['etag']]).toEqual([304, 0, etag]);
    }
    expect((await text.answer({ ifNoneMatch: '"other"' })).status).toBe(200);
    const changed = new Representation('text/plain', body.slice(1), {});
    expect((await changed.answer({ ifNoneMatch: etag })).status).toBe(200);
  });

  it('is left as it is when it is a picture', async () => {
    const picture = await new Representation('image/png', body, {}).answer({ acceptEncoding: 'br' });
    expect([picture.headers['content-encoding'], picture.headers['vary'], picture.body]).toEqual([
      undefined,
      undefined,
      body,
    ]);
  });
});

describe('the encoding', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['br;q=0, *', 'gzip'],
    ['zstd', 'identity'],
  ])('for %s is %s', (acceptEncoding, encoding) => expect(encodingFor(acceptEncoding)).toBe(encoding));
});
