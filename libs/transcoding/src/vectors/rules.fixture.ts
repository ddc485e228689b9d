import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HttpRuleSchema } from '@trellis/contracts/google/api';

/**
 * HTTP rules and the routes that they make, as [method, path, body]: grpc-ecosystem/grpc-httpjson-transcoding,
 * test/path_matcher_utility_test.cc and the BodyFieldPathTest of test/path_matcher_test.cc at a6e226f. Copyright 2016 Google
 * Inc., Apache License 2.0. Data only, transcribed; its requests have the fields that the bodies name.
 */
export interface RuleVector {
  readonly test: string;
  readonly rule: MessageInitShape<typeof HttpRuleSchema>;
  readonly routes: readonly (readonly [httpMethod: string, path: string, body: string])[];
}

const custom = (kind: string, path: string) => ({ case: 'custom', value: { kind, path } }) as const;

export const RULES: readonly RuleVector[] = [
  { test: 'NeverRegister', rule: {}, routes: [] },
  ...(['get', 'put', 'post', 'delete', 'patch'] as const).map((each) => ({
    test: `Register ${each}`,
    rule: { pattern: { case: each, value: '/path' }, body: 'body' },
    routes: [[each.toUpperCase(), '/path', 'body']] as const,
  })),
  {
    test: 'RegisterCustom',
    rule: { pattern: custom('OPTIONS', '/custom_path'), body: 'body' },
    routes: [['OPTIONS', '/custom_path', 'body']],
  },
  {
    test: 'RegisterAdditionalBindings',
    rule: {
      pattern: { case: 'get', value: '/path' },
      body: 'body',
      additionalBindings: [
        { pattern: custom('OPTIONS', '/custom_path'), body: 'body1' },
        { pattern: custom('HEAD', '/path') },
        { pattern: { case: 'put', value: '/put_path' } },
      ],
    },
    routes: [
      ['GET', '/path', 'body'],
      ['OPTIONS', '/custom_path', 'body1'],
      ['HEAD', '/path', ''],
      ['PUT', '/put_path', ''],
    ],
  },
  {
    test: 'RegisterRootPath',
    rule: { pattern: { case: 'get', value: '/' }, body: 'body' },
    routes: [['GET', '/', 'body']],
  },
  {
    test: 'BodyFieldPathTest',
    rule: { pattern: { case: 'get', value: '/c/d' }, body: 'e.f.g' },
    routes: [['GET', '/c/d', 'e.f.g']],
  },
];
