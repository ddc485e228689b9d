import { describe, expect, it } from '@jest/globals';
import { FileProblem, parseConfigFile } from '@trellis/config-file';
import { BAD, GOOD } from './examples.fixture.js';
import { gatewayFile } from './gateway-file.js';
import { callPoliciesOf, hostsOf } from './upstreams.js';

const parse = (text: string) => parseConfigFile(gatewayFile, text, 'gateway.yaml');

function problemsOf(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return error.message.split('\n');
  }
}

describe('a gateway.yaml', () => {
  it.each(Object.entries(GOOD))('that %s is good', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each(BAD)('such as %j is told what is wrong where', (text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toMatch(/^gateway\.yaml:\d/);
  });

  it('is told everything that is wrong with it at once', () => {
    const text = 'routes:\n  - { path: x, service: a }\n  - { path: /y, servce: a }\ntrusted: [x]\n';
    expect(problemsOf(text).map((problem) => problem.split(' ')[0])).toEqual([
      'gateway.yaml:4',
      'gateway.yaml:2',
      'gateway.yaml:3',
      'gateway.yaml:3',
    ]);
  });

  it('switches a policy on as if nothing of it were set', () => {
    expect(parse('defaults: { servedBy: true, auth: true }')).toEqual(parse('defaults: { servedBy: {}, auth: {} }'));
  });

  it('has its names read in lower case, as they are compared', () => {
    const { routes } = parse("routes: [{ path: /x, hosts: [API.Example.com], headers: { X-A: 'B' }, service: a }]");
    expect(routes).toMatchObject([{ hosts: ['api.example.com'], headers: { 'x-a': 'B' } }]);
  });
});

describe('the upstreams of a gateway.yaml', () => {
  it('say how services are called, over what the file of call policies says', () => {
    const policies = {
      defaults: { zone: false },
      services: { blog: { timeout: 5_000, readTimeout: 1 }, user: { timeout: 7 } },
    };
    const file = parse(
      'upstreams: { blog: { readTimeout: 3s }, shop: { addresses: ["a:1"], health: {}, strategy: random } }',
    );
    expect(callPoliciesOf(policies, file)).toEqual({
      defaults: { zone: false },
      services: {
        blog: { timeout: 5_000, readTimeout: 3_000 },
        user: { timeout: 7 },
        shop: { strategy: 'random', health: {} },
      },
    });
    expect(hostsOf(file)).toEqual({ shop: ['a:1'] });
    expect(callPoliciesOf({}, parse('{}'))).toEqual({ services: {} });
  });
});
