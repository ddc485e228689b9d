import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCredential, keptCredential, readCredentials } from './registry-credentials.js';

describe('addCredential', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-credentials-'));
    file = join(folder, 'registry-credentials.json');
    writeFileSync(file, '[]', { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const hashOf = (credential: string) => createHash('sha256').update(credential).digest('hex');

  it('tells the registry the hash, and nobody the credential', () => {
    const credential = addCredential(file, { service: 'mailer', packages: ['acme.mail'] });
    expect(credential).toMatch(/^[\w-]{43}$/);
    expect(readCredentials(file)).toEqual([{ service: 'mailer', packages: ['acme.mail'], sha256: hashOf(credential) }]);
    const everything = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(everything.join('')).not.toContain(credential);
  });

  it('replaces one only when told to, and leaves the others', () => {
    addCredential(file, { service: 'printer', packages: [] });
    addCredential(file, { service: 'mailer', packages: [] });
    const [printer] = readCredentials(file);
    expect(() => addCredential(file, { service: 'mailer', packages: [] })).toThrow(
      /^mailer has a credential already\./,
    );
    const second = addCredential(file, { service: 'mailer', packages: ['acme.mail'], replace: true });
    expect(readCredentials(file)).toEqual([
      printer,
      { service: 'mailer', packages: ['acme.mail'], sha256: hashOf(second) },
    ]);
  });

  it('may announce what the replaced one could, unless told otherwise', () => {
    const packagesOf = () => readCredentials(file).map(({ packages }) => packages);
    addCredential(file, { service: 'mailer', packages: ['acme.mail'] });
    addCredential(file, { service: 'mailer', replace: true });
    expect(packagesOf()).toEqual([['acme.mail']]);
    addCredential(file, { service: 'mailer', packages: ['acme.post'], replace: true });
    expect(packagesOf()).toEqual([['acme.post']]);
  });

  it('keeps the permissions of the file, and leaves no draft behind', () => {
    chmodSync(file, 0o644);
    addCredential(file, { service: 'mailer', packages: [] });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(['registry-credentials.json']);
  });

  it.each([
    ['a name that no service can have', { service: 'Mailer!', packages: [] }, /small letters/],
    ['a package that is none', { service: 'mailer', packages: ['Acme Mail'] }, /"acme\.mail"/],
  ])('refuses %s', (_, wanted, words) => {
    expect(() => addCredential(file, wanted)).toThrow(words);
    expect(readCredentials(file)).toEqual([]);
  });

  it('does not write over a file of something else, and quotes nothing of it', () => {
    writeFileSync(file, '{"secret": "hidden"');
    expect(() => addCredential(file, { service: 'mailer', packages: [] })).toThrow(`${file} is no file of credentials`);
    expect(readFileSync(file, 'utf8')).toContain('hidden');
  });
});

describe('keptCredential', () => {
  it('is made once, and again when the registry knows another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trellis-credentials-'));
    const file = join(folder, 'registry-credentials.json');
    const first = keptCredential(file, 'load');
    expect(keptCredential(file, 'load')).toBe(first);
    const replaced = addCredential(file, { service: 'load', replace: true });
    expect(keptCredential(file, 'load')).toBe(replaced);
    writeFileSync(join(folder, 'load.credential'), 'of another platform');
    expect([first, replaced, 'of another platform']).not.toContain(keptCredential(file, 'load'));
    expect(readCredentials(file)).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});
