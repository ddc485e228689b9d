import type { DescField, JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { ProblemError } from '@trellis/errors';
import { type Binding, takenKeys } from './binding.js';
import { type Origin, putField } from './parameter.js';
import { queryDecode } from './percent-decoding.js';
import { queryFields } from './query-fields.js';
import { textToJson } from './text-value.js';

export interface QueryReader {
  /** Puts each parameter into the JSON of the request message. Says where each came from and what is wrong. */
  read(query: string, json: JsonObject): { origins: Origin[]; errors: ProblemError[] };
}

export function queryReader(binding: Binding): QueryReader {
  const taken = takenKeys(binding);
  const named = new Map(binding.queryParameters.map(({ name, fields }) => [name, fields]));
  const resolve = (name: string): readonly DescField[] | string =>
    named.get(name) ?? queryFields(binding.method.input, name, taken);
  return {
    read(query, json) {
      const origins: Origin[] = [];
      const errors: ProblemError[] = [];
      const seen = new Set<string>();
      for (const [parameter, texts] of groupByName(query)) {
        const fields = resolve(parameter);
        const values = texts.filter((text) => text !== undefined);
        if (typeof fields === 'string') errors.push({ parameter, detail: fields });
        else if (values.length < texts.length) errors.push({ parameter, detail: 'is not valid percent-encoded UTF-8' });
        else {
          const keys = fields.map((field) => field.jsonName);
          if (seen.has(keys.join('.')) || (values.length > 1 && !isList(fields))) {
            errors.push({ parameter, detail: 'may be given only once' });
          }
          seen.add(keys.join('.'));
          putField(json, fields, jsonOf(fields, values));
          origins.push({ keys, parameter });
        }
      }
      return { origins, errors };
    },
  };
}

const isList = (fields: readonly DescField[]): boolean => fields.at(-1)?.fieldKind === 'list';

function jsonOf(fields: readonly DescField[], texts: readonly string[]): JsonValue {
  const field = fields.at(-1);
  const values = texts.map((text) => (field ? textToJson(field, text) : text));
  return isList(fields) ? values : (values[0] ?? null);
}

/** The decoded values of each parameter in order; undefined where one cannot be decoded. */
function groupByName(query: string): Map<string, (string | undefined)[]> {
  const groups = new Map<string, (string | undefined)[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const name = queryDecode(rawName) ?? rawName;
    const values = groups.get(name);
    const value = equals < 0 ? '' : queryDecode(pair.slice(equals + 1));
    if (values) values.push(value);
    else groups.set(name, [value]);
  }
  return groups;
}
