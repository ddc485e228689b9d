import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Credentials } from './credentials.js';

const BLOG = 'b'.repeat(43);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (entries: readonly object[]): string => JSON.stringify(entries);
const blogEntry = { service: 'blog', packages: ['trellis.blog'], sha256: sha256(BLOG) };

describe('Credentials', () => {
  const credentials = new Credentials(file([blogEntry, { ...blogEntry, service: 'user', sha256: sha256('other') }]));

  it('knows what a credential allows', () => {
    expect(credentials.grantOf(`Bearer ${BLOG}`)).toEqual({ service: 'blog', packages: ['trellis.blog'] });
  });

  it('lets a service have two while one replaces the other', () => {
    const two = new Credentials(file([blogEntry, { ...blogEntry, sha256: sha256('c'.repeat(43)) }]));
    expect(two.grantOf(`Bearer ${BLOG}`)).toEqual(two.grantOf(`Bearer ${'c'.repeat(43)}`));
  });

  it.each([
    ['none', undefined, 'CREDENTIAL_MISSING'],
    ['another scheme', `Basic ${BLOG}`, 'CREDENTIAL_MISSING'],
    ['characters that no credential has', `Bearer ${BLOG.slice(1)}=`, 'CREDENTIAL_MISSING'],
    ['an unknown one', `Bearer ${'x'.repeat(43)}`, 'CREDENTIAL_INVALID'],
    ['the hash instead of the credential', `Bearer ${sha256(BLOG)}`, 'CREDENTIAL_INVALID'],
  ])('refuses %s', (_case, authorization, reason) => {
    expect(() => credentials.grantOf(authorization)).toThrow(expect.objectContaining({ code: 16, reason }));
  });

  it.each([
    ['no JSON', 'blog'],
    ['no list', '{}'],
    ['a short hash', file([{ ...blogEntry, sha256: 'ab' }])],
    ['a package that is none', file([{ ...blogEntry, packages: ['trellis.'] }])],
  ])('refuses a file with %s', (_case, text) => {
    expect(() => new Credentials(text)).toThrow();
  });
});
