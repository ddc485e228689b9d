import { isDeepStrictEqual } from 'node:util';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import { ContractError } from '../contract-error.js';
import { InvalidRequest } from '../invalid-request.js';
import { type Route, routeOf } from '../route.js';
import { createRouter } from '../router.js';
import { MATCHES, type MatcherVector } from './path-matcher.fixture.js';
import { registryOf } from './schema.fixture.js';

const FIELDS = ['a', 'b', 't', 'x', 'y', 'z', 'id', 'name', 'oname'];
const registry = registryOf({
  package: 'matches',
  messages: { Request: FIELDS.map((field, index) => `string ${field} = ${index + 1}`).join('\n') },
  services: { Service: ['Method(Request) Request'] },
});
const [method] = registry.getService('matches.Service')?.methods ?? [];

/** Why a request finds something else here. The texts in quotes are those of google/api/http.proto. */
const REASONS = {
  '`**` "must be the last part of the URL path except the Verb": such a template is refused, and not found': [
    'VariableBindings: /alpha/dog/beta/eat/bones/gamma',
    'VariableBindings: /foo/bar/a/b',
    'PercentEscapesNotUnescapedForMultiSegment2: /a/p/foo%20foo/q/bar%2Fbar+/c',
    'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAllExceptReserved: /a/%21%23%…40%5B%5D/c',
    'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAllExceptSlash: /a/%21%23%…40%5B%5D/c',
    'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAll: /a/%21%23%…40%5B%5D/c',
    'VariableBindingsWithCustomVerb: /foo/bar/baz/b:verb',
    'VariableBindingsWithCustomVerb: /g/foo/bar/h:verb',
    'ConstantSuffixesWithVariable: /a/b/world/c/z',
    'ConstantSuffixesWithVariable: /a/b/world/c/y/z',
    'ConstantSuffixesWithVariable: /c/hello/d/esp/world/e',
    'ConstantSuffixesWithVariable: /c/hola/d/esp/mundo/e:verb',
    'ConstantSuffixesWithVariable: /f/foo/bar/baz/g',
    'ConstantSuffixesWithVariable: /f/foo/bar/baz/g:verb',
    'ConstantSuffixesWithVariable: /a/b/foo/y/z/bar/baz/foo',
    'ConstantSuffixesWithVariable: /a/b/foo/bar/baz/y/z/foo',
    'CustomVerbMatches: /other/bar/foo/const:verb',
    'WildCardMatchesManyWithoutStackOverflow: /a////////…/////////x',
    'TestMatch 5: /tail',
    'TestMatch 5: /abc/tail',
    'TestMatch 5: /abc/def/tail',
    'TestMatchWithBinding 9: /v1/o/my-bucket/dir/dir2/obj/.ext/tail',
  ],
  'several segments are decoded, "except %2F and %2f", which this mode of grpc-gateway decodes too': [
    'TestMatchWithBinding 13, UnescapingModeAllCharacters: /foo/test%2Fbar',
  ],
  "only a verb that some template has is one: the rest is text of the segment, as without this option of Envoy's": [
    'MatchUnregisteredCustomVerb: /person/jason:other',
  ],
  "two routes for the same requests are an error, as with Envoy's fail_registration_on_duplicate": [
    'ReplacevoidForPath: /foo/bar',
    'LookupSilentlyFailsOnDuplicate: /a/b',
  ],
  'a + in a query is a space, as browsers write it and grpc-gateway reads it; with Envoy that is an option': [
    'QueryParameterNotUnescapePlus: /a?x=Hello+world&y=%2B+%20',
  ],
  'a query parameter that names no field is an error, so that a misspelt one is not lost': [
    'LookupSimplePaths: /otherprefix/suffix?foo=bar',
    'VariableBindingsWithQueryParamsAndSystemParams: /a/hello/b?y=world&api_key=secret',
    'VariableBindingsWithQueryParamsAndSystemParams: /a/hello/b?key=secret&y=world',
  ],
};

/** The template that the request finds, and its values once they are in the message. */
function ask({ templates }: MatcherVector, request: string): unknown {
  const [target = '', httpMethod = 'GET'] = request.split(' ').reverse();
  const [path = '', query = ''] = target.split('?');
  try {
    const match = createRouter(templates.flatMap(routesFor)).match(httpMethod, path);
    if (match.kind !== 'found' || !method) return [null];
    const { route, captures } = match;
    const message = fromBinary(method.input, route.decode({ captures, query, body: undefined }));
    return [route.template.text, toJson(method.input, message)];
  } catch (error) {
    if (error instanceof ContractError || error instanceof InvalidRequest) return [error.name];
    throw error;
  }
}

function routesFor(path: string): Route[] {
  if (!method) throw new Error('no method');
  try {
    return [routeOf(method, { pattern: { case: 'get', value: path } }, registry)];
  } catch (error) {
    if (error instanceof ContractError) return [];
    throw error;
  }
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 10)}…${text.slice(-10)}` : text);

it('the requests of Envoy and grpc-gateway find the same templates and values, but for those explained', () => {
  const differing = MATCHES.flatMap((vector) =>
    vector.asks.flatMap(([request, finds, values = {}]) => {
      const ours = ask(vector, request);
      const theirs = finds === null ? [null] : [finds, values];
      return isDeepStrictEqual(ours, theirs) ? [] : [`${vector.test}: ${short(request)}`];
    }),
  );
  expect(differing.sort()).toEqual(Object.values(REASONS).flat().sort());
});
