import { create } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import { HttpRuleSchema } from '@trellis/contracts/google/api';
import { bindingsOf } from '../binding.js';
import { ContractError } from '../contract-error.js';
import { RULES } from './rules.fixture.js';
import { registryOf } from './schema.fixture.js';

const REASONS = {
  'a rule without a path is a mistake that its author should hear of': ['NeverRegister'],
  'the body "must be present at the top-level of the request message type"': ['BodyFieldPathTest'],
};

const registry = registryOf({
  package: 'rules',
  messages: {
    Request: `
      string body = 1
      string body1 = 2
      E e = 3`,
    E: 'F f = 1',
    F: 'string g = 1',
  },
  services: { Service: ['Method(Request) Request'] },
});

it('the rules of Envoy make the same routes, but for those explained', () => {
  const [method] = registry.getService('rules.Service')?.methods ?? [];
  const routesOf = (rule: (typeof RULES)[number]['rule']): unknown => {
    if (!method) throw new Error('no method');
    try {
      return bindingsOf(method, create(HttpRuleSchema, rule)).map(({ httpMethod, template, body }) => [
        httpMethod,
        template.text,
        body?.kind === 'field' ? body.field.name : '',
      ]);
    } catch (error) {
      if (error instanceof ContractError) return undefined;
      throw error;
    }
  };
  const differing = RULES.filter(({ rule, routes }) => JSON.stringify(routesOf(rule)) !== JSON.stringify(routes));
  expect(differing.map(({ test }) => test)).toEqual(Object.values(REASONS).flat());
});
