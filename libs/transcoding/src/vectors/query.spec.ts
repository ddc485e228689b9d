import { isDeepStrictEqual } from 'node:util';
import { type JsonValue, fromBinary, toJson } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import { InvalidRequest } from '../invalid-request.js';
import { routeOf } from '../route.js';
import { QUERIES, type QueryVector, registry } from './query.fixture.js';

/** Why a query means something else here. The texts in quotes are those of google/api/http.proto. */
const REASONS = {
  'a Duration in JSON is a number of seconds: `46800s`; the other way of writing it is that of Go': [
    'duration_value=13h0m0s',
    'durationValue=13h0m0s',
  ],
  '"fields which are mapped to URL query parameters must have a primitive type or a repeated primitive type or a non-repeated message type", so no map':
    [
      'map_value[key]=value&map_value[fourth]=',
      'map_value2[key]=-2',
      'map_value3[-2]=value',
      'nested.nested.map_value[first]=foo&nested.nested.map_value[second]=bar',
    ],
  '"each field of the message is mapped to a separate parameter": JSON in a parameter is none, so a Struct has no form':
    [
      'struct_value_value={"a":{"b":1}}',
      'struct_value={"a":{"b":1}}',
      'struct_value_value=""',
      'struct_value_value={}',
      'struct_value_value=[]',
      'struct_value_value=true',
      'struct_value_value=0',
      'struct_value={}',
      'struct_value={"c":[1,2],"d":[{"e":1,"f":{}}]}',
    ],
  'a parameter for what the path or the body gives is refused, and not ignored': [
    'nested.nested.bool_value=true&nested.nested.string_value=str&nested.string_value=str&string_value=str (nested)',
    'nested.nested.bool_value=true&nested.nested.string_value=str&nested.string_value=str&string_value=str (nested.nested.string_value)',
  ],
};

const [method] = registry.getService('examplepb.Examples')?.methods ?? [];

const pairsOf = (query: QueryVector['query']): (readonly [string, string])[] =>
  Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const));

function read({ query, path, body }: QueryVector): JsonValue | undefined {
  if (!method) throw new Error('no method');
  const template = path === undefined ? '/' : `/{${path}}`;
  const route = routeOf(method, { pattern: { case: 'get', value: template }, ...(body && { body }) }, registry);
  const encoded = pairsOf(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  try {
    const captures = path === undefined ? [] : [''];
    const message = route.decode({ captures, query: encoded.join('&'), body: undefined });
    return toJson(method.input, fromBinary(method.input, message));
  } catch (error) {
    if (error instanceof InvalidRequest) return undefined;
    throw error;
  }
}

function nameOf({ query, path, body }: QueryVector): string {
  const text = pairsOf(query)
    .map((pair) => pair.join('='))
    .join('&');
  const filter = path ?? body;
  return filter === undefined ? text : `${text} (${filter})`;
}

it('the queries of grpc-gateway make the same messages, but for those explained', () => {
  const differing = QUERIES.filter((vector) => !isDeepStrictEqual(read(vector), vector.message));
  expect(differing.map(nameOf).sort()).toEqual(Object.values(REASONS).flat().sort());
});
