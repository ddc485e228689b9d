import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseConfigFile } from '@trellis/config-file';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { BAD, BEYOND_A_SCHEMA, GOOD } from './examples.fixture.js';
import { gatewayJsonSchema } from './json-schema.js';

const published = new URL('../../gateway.schema.json', import.meta.url);

/** Patterns as they stand: what `format` names is said by them already. */
const accepts = new Ajv2020({ strictRequired: false, validateFormats: false }).compile(gatewayJsonSchema());

const parse = (text: string): unknown => parseConfigFile(z.unknown(), text, 'gateway.yaml');

describe('the JSON schema of gateway.yaml', () => {
  it('is published as it is: npm run -s trellis -- gateway schema > apps/gateway/gateway.schema.json', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(gatewayJsonSchema());
  });

  it.each(Object.entries(GOOD))('takes a file that %s', (_, text) => {
    expect([accepts(parse(text)), accepts.errors]).toEqual([true, null]);
  });

  it.each(BAD)('refuses %j, unless no schema can', (text, problem) => {
    expect(accepts(parse(text))).toBe(BEYOND_A_SCHEMA.test(problem));
  });

  it('describes every key, for editors to show', () => {
    expect(undescribed(gatewayJsonSchema())).toEqual([]);
  });
});

/** Paths of the keys that nothing is said about. */
function undescribed(schema: object, path = ''): string[] {
  return Object.entries(schema).flatMap(([key, value]): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    if (key !== 'properties') return undescribed(value, path);
    return Object.entries(value as Record<string, object>).flatMap(([name, property]) => [
      ...('description' in property ? [] : [`${path}.${name}`]),
      ...undescribed(property, `${path}.${name}`),
    ]);
  });
}
