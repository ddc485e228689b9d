import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { policyOf } from './call-policy.js';
import { FileProblem } from '@trellis/config-file';
import { parseCallPolicies, readCallPolicies } from './read-call-policies.js';

const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const folder = mkdtempSync(join(tmpdir(), 'policies-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GET_POST = '/trellis.blog.v1.BlogService/GetPost';
const parse = (text: string) => parseCallPolicies(text, 'policies.yaml');
const problem = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FileProblem) return error.message;
    throw error;
  }
  return '';
};

describe('the policy of a method', () => {
  it('is built in where nobody says anything', () => {
    expect(policyOf({}, 'blog', GET_POST)).toMatchObject({
      strategy: 'peak-ewma',
      attemptTimeout: 1_000,
      retries: { attempts: 3 },
      bulkhead: { limit: 1_024 },
      hedge: false,
      fallback: false,
    });
  });

  it('is what the most specific entry says, part by part', () => {
    const policies = parse(`
      defaults: { timeout: 10s, retries: { attempts: 4, backoff: 10ms } }
      services:
        blog:
          timeout: 3s
          hedge: { quantile: 0.9 }
          methods:
            GetPost: { timeout: 1s, retries: { attempts: 2 } }
            BlogService/GetPost: { timeout: 500ms }
            trellis.blog.v1.BlogService/GetPost: { hedge: false }
    `);
    expect(policyOf(policies, 'blog', GET_POST)).toMatchObject({
      timeout: 500,
      retries: { attempts: 2, backoff: 10 },
      hedge: false,
    });
    expect(policyOf(policies, 'blog', '/trellis.blog.v1.BlogService/ListPosts')).toMatchObject({
      timeout: 3_000,
      hedge: { quantile: 0.9 },
    });
    expect(policyOf(policies, 'user', '/x.UserService/GetUser')).toMatchObject({ timeout: 10_000, hedge: false });
  });

  it('has the times of its connection and its TLS from the service, part by part', () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, PEM);
    const policies = parse(`
      defaults: { connectTimeout: 1s, readTimeout: 3s, tls: true }
      services:
        blog: { readTimeout: 500ms, writeTimeout: 2s, tls: { ca: ${file}, serverName: blog.internal } }
        user: { tls: false }
    `);
    expect(policyOf(policies, 'blog', 'http')).toMatchObject({
      connectTimeout: 1_000,
      readTimeout: 500,
      writeTimeout: 2_000,
      tls: { ca: PEM, serverName: 'blog.internal' },
    });
    expect(policyOf(policies, 'user', 'http')).toMatchObject({
      readTimeout: 3_000,
      writeTimeout: undefined,
      tls: false,
    });
    expect(policyOf(policies, 'shop', 'http').tls).toEqual({});
    expect(policyOf(parse(JSON.stringify({ defaults: { tls: { ca: PEM } } })), 'shop', 'http').tls).toEqual({
      ca: PEM,
    });
  });

  it('switches parts off with false, and on again by naming what they are', () => {
    const policies = parse(`
      defaults: { breaker: false, retries: false, bulkhead: false, outlier: false }
      services: { blog: { breaker: { minimum: 7 }, bulkhead: { limit: 9 } } }
    `);
    expect(policyOf(policies, 'user', '/x.UserService/GetUser')).toMatchObject({
      breaker: false,
      bulkhead: false,
      outlier: false,
      retries: { attempts: 1 },
    });
    expect(policyOf(policies, 'blog', GET_POST)).toMatchObject({
      breaker: { minimum: 7 },
      bulkhead: { limit: 9, queue: 128 },
    });
  });
});

describe('a file of call policies', () => {
  it('is YAML, or JSON, or empty', () => {
    const file = join(folder, 'policies.json');
    writeFileSync(file, '{ "services": { "blog": { "attemptTimeout": 250 } } }');
    expect(readCallPolicies(file)).toEqual({ services: { blog: { attemptTimeout: 250 } } });
    expect(parse('')).toEqual({});
  });

  it('is as the README shows it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
    expect(policyOf(parse(example), 'blog', GET_POST)).toMatchObject({
      timeout: 2_000,
      strategy: 'ring-hash',
      hash: { header: 'x-tenant' },
      hedge: { quantile: 0.95, minDelay: 5 },
    });
  });

  it.each([
    ['services:\n  blog:\n    timeout: 2 hours\n', 'policies.yaml:3 services.blog.timeout: no duration: write it as'],
    ['defaults:\n  retries:\n    attempts: 0\n', 'policies.yaml:3 defaults.retries.attempts: '],
    ['defaults:\n  strategy: magic\n', 'policies.yaml:2 defaults.strategy: '],
    [
      'services:\n  blog:\n    retrys: {}\n',
      'policies.yaml:3 services.blog.retrys: no such key; possible here: attemptTimeout, ',
    ],
    ['defaults:\n  hash: { header: a, cookie: b }\n', 'name exactly one of header, cookie and field'],
    [
      'defaults:\n  tls:\n    ca: /nowhere/ca.pem\n',
      'policies.yaml:3 defaults.tls.ca: /nowhere/ca.pem cannot be read: ENOENT',
    ],
    ['defaults: { tls: { ca: README.md } }', 'README.md is no PEM file'],
    ['services: { blog: { methods: { GetPost: { tls: true } } } }', 'tls'],
    ['defaults: [\n', 'policies.yaml:2:1 is no YAML'],
    ['defaults: {}\ndefaults: {}\n', 'policies.yaml:2:1 is no YAML'],
  ])('names the place and the fault of %j', (text, message) => {
    expect(problem(text)).toContain(message);
  });

  it('tells of every fault at once', () => {
    expect(problem('defaults: { timeout: x, panic: 2 }').split('\n')).toHaveLength(2);
  });

  it('that cannot be read says so', () => {
    expect(() => readCallPolicies('/nowhere/policies.yaml')).toThrow(/^\/nowhere\/policies.yaml cannot be read/);
  });
});
