import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCredential } from './registry-credentials.js';
import { prepareSecrets } from './secrets.js';

describe('the secrets of a platform', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'trellis-secrets-')), 'secrets');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  it('are for their owner alone, and stay the same at the next start', () => {
    prepareSecrets(folder);
    const read = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    const first = read();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)).toEqual([]);
    prepareSecrets(folder);
    expect(read()).toEqual(first);
  });

  it('gain the clients of a newer version, and keep those that are there', () => {
    const { clientsFile } = prepareSecrets(folder);
    const read = () => JSON.parse(readFileSync(clientsFile, 'utf8')) as { client_id: string }[];
    const [first, ...others] = read();
    writeFileSync(clientsFile, JSON.stringify([{ ...first, client_name: 'Ours' }, { client_id: 'added' }]));
    prepareSecrets(folder);
    expect(read()).toEqual([{ ...first, client_name: 'Ours' }, { client_id: 'added' }, ...others]);
  });

  it('tell the registry hashes, with the packages that each service may announce', () => {
    const { credentialsFile, credentialFile } = prepareSecrets(folder);
    const listed: unknown = JSON.parse(readFileSync(credentialsFile, 'utf8'));
    const sha256 = createHash('sha256')
      .update(readFileSync(credentialFile('blog')))
      .digest('hex');
    expect(listed).toContainEqual({ service: 'blog', packages: ['trellis.blog'], sha256 });
    expect(new Set((listed as { sha256: string }[]).map((entry) => entry.sha256)).size).toBe(4);
  });

  it('keep what was added for a service that is not ours, and for one of ours that was replaced', () => {
    const { credentialsFile, credentialFile } = prepareSecrets(folder);
    addCredential(credentialsFile, { service: 'mailer', packages: ['acme.mail'] });
    const blog = addCredential(credentialsFile, { service: 'blog', packages: ['trellis.blog'], replace: true });
    const before = readFileSync(credentialsFile, 'utf8');
    prepareSecrets(folder);
    const listed = (text: string) => new Set((JSON.parse(text) as object[]).map((entry) => JSON.stringify(entry)));
    expect(listed(readFileSync(credentialsFile, 'utf8'))).toEqual(listed(before));
    expect(readFileSync(credentialFile('blog'), 'utf8')).toBe(blog);
  });
});
