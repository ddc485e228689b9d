import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readClients } from './clients.js';

describe('readClients', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-clients-'));
  const file = (text: string): string => {
    const path = join(folder, 'clients.json');
    writeFileSync(path, text);
    return path;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('adds what follows from the grant types', () => {
    const clients = [{ client_id: 'job', grant_types: ['client_credentials'] }, { client_id: 'app' }];
    expect(readClients(file(JSON.stringify(clients)))).toEqual([
      expect.objectContaining({ client_id: 'job', response_types: [], redirect_uris: [], first_party: false }),
      expect.objectContaining({ client_id: 'app', response_types: ['code'] }),
    ]);
  });

  it('has no operator whom a person could log in to', () => {
    const operator = (grant_types: string[]) =>
      file(JSON.stringify([{ client_id: 'ops', operator: true, grant_types }]));
    expect(readClients(operator(['client_credentials']))).toEqual([expect.objectContaining({ operator: true })]);
    const both = operator(['client_credentials', 'authorization_code']);
    expect(() => readClients(both)).toThrow(
      /^0\.operator: is for a client whose only grant type is client_credentials$/,
    );
  });

  it('names every problem and quotes nothing of the file', () => {
    const bad = JSON.stringify([{ client_secret: 'very-secret' }, { client_id: 'x', grant_types: ['password'] }]);
    expect(() => readClients(file(bad))).toThrow(/^0\.client_id: .*; 1\.grant_types\.0: /);
    expect(() => readClients(file('[{"client_secret": "very-secret" oops'))).toThrow(/^not JSON$/);
  });
});
