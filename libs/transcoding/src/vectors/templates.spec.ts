import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ContractError } from '../contract-error.js';
import { parsePathTemplate } from '../path-template.js';
import { TEMPLATES, type TemplateVector } from './templates.fixture.js';

/** Why we read a template otherwise. The texts in quotes are those of google/api/http.proto. */
const REASONS = {
  '`**` "must be the last part of the URL path except the Verb"': [
    'http_template /a/{b=c/**}/d/e',
    'http_template /a/{b=c/**/d}/e',
    'http_template /a/{b=c/**/d}/e:verb',
    'http_template /{x.y.z=a/**/b}',
    'http_template /{x.y.z=a/**/b}/c/d',
    'http_template /{x.y.z=a/**/b}:custom',
    'http_template /{x.y.z=a/**/b}/c/d:custom',
    'httprule /v1/{bucket_name=buckets/*}/{name=objects/**/.ext}/tail',
  ],
  'a colon begins the verb, and neither a literal nor a verb holds one (as Envoy reads it)': [
    'httprule /v1/a=b&c=d;e=f:g/endpoint.rdf',
    'httprule /v1/a/{endpoint}:b:c',
    "httprule /-._~!$&'()*+,;=:@",
    'httprule /v1/{name}:bla:baa',
    'httprule /v1/{name=segment/wi:th}',
  ],
  'a colon without a verb is a mistake (as Envoy reads it)': ['httprule /v1/{name}:'],
  'the grammar has no empty segment, so a verb cannot follow the root (as Envoy reads it)': ['httprule /:LOCK'],
};

function read(template: string): Omit<TemplateVector, 'from'> {
  try {
    const { segments, variables, verb } = parsePathTemplate(template);
    return {
      template,
      segments: segments
        .map((segment) => (segment.kind === 'literal' ? segment.text : segment.kind === 'one' ? '*' : '**'))
        .join(' '),
      variables: variables.map(({ field, from, to = -1 }) => [field, from, to]),
      verb,
    };
  } catch (error) {
    if (error instanceof ContractError) return { template };
    throw error;
  }
}

describe('path templates of others', () => {
  it('are read the same way, but for those explained', () => {
    const differing = TEMPLATES.filter(
      (vector) => !isDeepStrictEqual({ from: vector.from, ...read(vector.template) }, vector),
    );
    expect(differing.map(({ from, template }) => `${from} ${template}`).sort()).toEqual(
      Object.values(REASONS).flat().sort(),
    );
  });
});
