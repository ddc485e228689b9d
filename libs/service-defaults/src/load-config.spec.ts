import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { commonEnv } from './common-env.js';
import { ConfigProblems, type Source, parseConfig } from './load-config.js';
import { addresses, databaseUrl, weight, words } from './variables.js';

const schema = z.object({ ...commonEnv, DATABASE_URL: databaseUrl, KAFKA_BROKERS: addresses });

const good = {
  REGISTRY_ADDRESS: '127.0.0.1:7000',
  REGISTRY_CREDENTIAL_FILE: '/dev/null',
  ISSUER_URL: 'http://localhost:8080',
  JWKS_URL: 'http://127.0.0.1:4001/oauth2/jwks',
  DATABASE_URL: 'postgresql://blog:secret@127.0.0.1:5432/blog',
  KAFKA_BROKERS: 'a:9092, b:9092',
};

const problems = (source: Source): readonly string[] => problemsOf(schema, source);

function problemsOf(wanted: z.ZodObject, source: Source): readonly string[] {
  try {
    parseConfig(wanted, source);
  } catch (error) {
    if (error instanceof ConfigProblems) return error.lines;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('is typed, complete and frozen', () => {
    const config = parseConfig(schema, { ...good, GRPC_PORT: '7001', OTHER: 'ignored' });
    expect(config).toMatchObject({
      GRPC_PORT: 7001,
      ADMIN_PORT: 0,
      HOST: '127.0.0.1',
      TOKEN_AUDIENCE: 'urn:trellis:api',
      DRAIN_TIMEOUT_MS: 10_000,
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
    });
    expect(config).not.toHaveProperty('OTHER');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every problem at once: the variable, what is wrong and how to mend it', () => {
    const { DATABASE_URL: _, ...rest } = good;
    expect(
      problems({
        ...rest,
        GRPC_PORT: '70000',
        ISSUER_URL: 'localhost',
        REGISTRY_CREDENTIAL_FILE: '/nowhere',
        TRACE_SAMPLE_RATIO: '7',
      }),
    ).toEqual([
      'GRPC_PORT is not valid (Above 65535): set it to a port from 0 to 65535; 0 takes a free one',
      'TRACE_SAMPLE_RATIO is not valid (Not from 0 to 1): set it to a share from 0 to 1, such as 0.1',
      'REGISTRY_CREDENTIAL_FILE is not valid (No file that can be read): set it to the path of a file that this process can read',
      'ISSUER_URL is not valid (No http address): set it to an address that begins with http:// or https://',
      'DATABASE_URL is missing: set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig(schema, { ...good, ZONE: '', GRPC_PORT: '' })).toMatchObject({ ZONE: '', GRPC_PORT: 0 });
    expect(problems({ ...good, REGISTRY_ADDRESS: '' })).toEqual([
      expect.stringMatching(/^REGISTRY_ADDRESS is missing/),
    ]);
  });

  it('reads a list of words, and says which one is none', () => {
    const list = z.object({ TAGS: words.default([]), WEIGHT: weight.default(100) });
    expect(parseConfig(list, { TAGS: 'canary, eu-1,', WEIGHT: '50' })).toEqual({
      TAGS: ['canary', 'eu-1'],
      WEIGHT: 50,
    });
    expect(parseConfig(list, {})).toEqual({ TAGS: [], WEIGHT: 100 });
    const lines = problemsOf(list, { TAGS: 'two words', WEIGHT: '0' });
    expect(lines).toEqual([
      expect.stringMatching(/^TAGS is not valid \(No word\): set it to a comma-separated list/),
      expect.stringMatching(/^WEIGHT is not valid \(Below 1\)/),
    ]);
  });

  it('reads a value from the file that NAME_FILE names', () => {
    const { DATABASE_URL, ...rest } = good;
    const folder = mkdtempSync(join(tmpdir(), 'trellis-config-'));
    const path = join(folder, 'database-url');
    writeFileSync(path, `${DATABASE_URL}\n`);
    expect(parseConfig(schema, { ...rest, DATABASE_URL_FILE: path })).toMatchObject({ DATABASE_URL });
    rmSync(folder, { recursive: true });
    expect(problems({ ...rest, DATABASE_URL_FILE: path })).toEqual([
      expect.stringMatching(/^DATABASE_URL cannot be read from the file that DATABASE_URL_FILE names: set it to/),
    ]);
  });

  it.each(Object.keys(good))('tells that %s is bad without showing its value', (name) => {
    const lines = problems({ ...good, [name]: 'hunter2' });
    expect(lines).toEqual([expect.stringMatching(`^${name} is not valid`)]);
    expect(lines.join()).not.toContain('hunter2');
  });
});

describe('CALL_POLICIES_FILE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'));
  const policies = (text: string): string => {
    const path = join(folder, 'policies.yaml');
    writeFileSync(path, text);
    return path;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read at once', () => {
    const path = policies('services: { blog: { timeout: 2s } }');
    expect(parseConfig(schema, { ...good, CALL_POLICIES_FILE: path }).CALL_POLICIES_FILE).toEqual({
      services: { blog: { timeout: 2_000 } },
    });
  });

  it('is refused with the place of each fault and what to do', () => {
    const path = policies('services:\n  blog:\n    timeout: soon\n');
    expect(problems({ ...good, CALL_POLICIES_FILE: path })).toEqual([
      `CALL_POLICIES_FILE is not valid (${path}:3 services.blog.timeout: no duration: write it as 250ms, 2s or 1m): ` +
        'set it to the path of a good YAML or JSON file of call policies, or leave it out',
    ]);
    expect(problems({ ...good, CALL_POLICIES_FILE: '/nowhere' })).toEqual([expect.stringContaining('cannot be read')]);
  });
});
