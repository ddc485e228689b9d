/**
 * Tables of templates, and which one a path finds with which values.
 *
 * - `path_matcher`: grpc-ecosystem/grpc-httpjson-transcoding, test/path_matcher_test.cc at a6e226f (Envoy's transcoder).
 *   Copyright 2016 Google Inc., Apache License 2.0. BodyFieldPathTest is in rules.fixture.ts.
 * - `pattern`: grpc-ecosystem/grpc-gateway, runtime/pattern_test.go at 9648db4. Copyright 2015 Gengo, Inc., BSD 3-Clause
 *   License. Its operations are written as the template that its TestPatternString makes of them.
 *
 * Data only, transcribed. Routes are for GET where no method is named.
 */
export interface MatcherVector {
  readonly from: 'path_matcher' | 'pattern';
  readonly test: string;
  readonly templates: readonly string[];
  /** The request, the template that it finds, and the values; null when it finds none. */
  readonly asks: readonly (readonly [
    request: string,
    finds: string | null,
    values?: Readonly<Record<string, string>>,
  ])[];
}

const RESERVED = '%21%23%24%26%27%28%29%2A%2B%2C%2F%3A%3B%3D%3F%40%5B%5D';
const RESERVED_TEMPLATES = ['/a/{x=*}/{y=**}/c'];
const RESERVED_PATH = `/a/${RESERVED}/${RESERVED}/c`;

const PATH_MATCHER: readonly Omit<MatcherVector, 'from'>[] = [
  {
    test: 'WildCardMatchesRoot',
    templates: ['/**'],
    asks: [
      ['/', '/**'],
      ['/a', '/**'],
      ['/a/', '/**'],
    ],
  },
  {
    test: 'WildCardMatches',
    templates: ['/a/**', '/b/*', '/c/*/d/**', '/c/*/d/e', '/c/f/d/e', '/'],
    asks: [
      ['/a/b', '/a/**'],
      ['/a/b/c', '/a/**'],
      ['/b/c', '/b/*'],
      ['b/c/d', null],
      ['/c/u/d/v', '/c/*/d/**'],
      ['/c/v/d/w/x', '/c/*/d/**'],
      ['/c/x/y/d/z', null],
      ['/c//v/d/w/x', null],
      ['/c/x/d/e', '/c/*/d/e'],
      ['/c/f/d/e', '/c/f/d/e'],
      ['/', '/'],
    ],
  },
  {
    test: 'VariableBindings',
    templates: [
      '/a/{x}/c/d/e',
      '/{x=a/*}/b/{y=*}/c',
      '/a/{x=b/*}/{y=d/**}',
      '/alpha/{x=*}/beta/{y=**}/gamma',
      '/{x=*}/a',
      '/{x=**}/a/b',
      '/a/b/{x=*}',
      '/a/b/c/{x=**}',
      '/{x=*}/d/e/f/{y=**}',
    ],
    asks: [
      ['/a/book/c/d/e', '/a/{x}/c/d/e', { x: 'book' }],
      ['/a/hello/b/world/c', '/{x=a/*}/b/{y=*}/c', { x: 'a/hello', y: 'world' }],
      ['/a/b/zoo/d/animal/tiger', '/a/{x=b/*}/{y=d/**}', { x: 'b/zoo', y: 'd/animal/tiger' }],
      ['/alpha/dog/beta/eat/bones/gamma', '/alpha/{x=*}/beta/{y=**}/gamma', { x: 'dog', y: 'eat/bones' }],
      ['/foo/a', '/{x=*}/a', { x: 'foo' }],
      ['/foo/bar/a/b', '/{x=**}/a/b', { x: 'foo/bar' }],
      ['/a/b/foo', '/a/b/{x=*}', { x: 'foo' }],
      ['/a/b/c/foo/bar/baz', '/a/b/c/{x=**}', { x: 'foo/bar/baz' }],
      ['/foo/d/e/f/bar/baz', '/{x=*}/d/e/f/{y=**}', { x: 'foo', y: 'bar/baz' }],
    ],
  },
  {
    test: 'PercentEscapesUnescapedForSingleSegment',
    templates: ['/a/{x}/c'],
    asks: [['/a/p%20q%2Fr+/c', '/a/{x}/c', { x: 'p q/r+' }]],
  },
  {
    test: 'PercentEscapesUnescapedForSingleSegmentAllAsciiChars',
    templates: ['/{x}'],
    asks: Array.from({ length: 0x7f }, (_, code) => code.toString(16).padStart(2, '0')).flatMap((hex) => {
      const x = String.fromCharCode(parseInt(hex, 16));
      return [`/%${hex}`, `/%${hex.toUpperCase()}`].map((path) => [path, '/{x}', { x }] as const);
    }),
  },
  {
    test: 'PercentEscapesNotUnescapedForMultiSegment1',
    templates: ['/a/{x=p/*/q/*}/c'],
    asks: [['/a/p/foo%20foo/q/bar%2Fbar/c', '/a/{x=p/*/q/*}/c', { x: 'p/foo foo/q/bar%2Fbar' }]],
  },
  {
    test: 'PercentEscapesNotUnescapedForMultiSegment2',
    templates: ['/a/{x=**}/c'],
    asks: [['/a/p/foo%20foo/q/bar%2Fbar+/c', '/a/{x=**}/c', { x: 'p/foo foo/q/bar%2Fbar+' }]],
  },
  {
    test: 'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAllExceptReserved',
    templates: RESERVED_TEMPLATES,
    asks: [[RESERVED_PATH, '/a/{x=*}/{y=**}/c', { x: "!#$&'()*+,/:;=?@[]", y: RESERVED }]],
  },
  {
    test: 'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAllExceptSlash',
    templates: RESERVED_TEMPLATES,
    asks: [[RESERVED_PATH, '/a/{x=*}/{y=**}/c', { x: "!#$&'()*+,/:;=?@[]", y: "!#$&'()*+,%2F:;=?@[]" }]],
  },
  {
    test: 'OnlyUnreservedCharsAreUnescapedForMultiSegmentMatchUnescapeAll',
    templates: RESERVED_TEMPLATES,
    asks: [[RESERVED_PATH, '/a/{x=*}/{y=**}/c', { x: "!#$&'()*+,/:;=?@[]", y: "!#$&'()*+,/:;=?@[]" }]],
  },
  {
    test: 'CustomVerbIssue',
    templates: ['/person', '/person/{id=*}', '/{x=**}:verb'],
    asks: [
      ['/person:verb', '/{x=**}:verb', { x: 'person' }],
      ['/person/jason:verb', '/{x=**}:verb', { x: 'person/jason' }],
      ['/animal:verb', '/{x=**}:verb', { x: 'animal' }],
      ['/animal/cat:verb', '/{x=**}:verb', { x: 'animal/cat' }],
      ['/person', '/person'],
      ['/person/jason', '/person/{id=*}', { id: 'jason' }],
      ['/animal', null],
      ['/animal/cat', null],
      ['/person:other', null],
      ['/person/jason:other', '/person/{id=*}', { id: 'jason:other' }],
      ['/animal:other', null],
      ['/animal/cat:other', null],
    ],
  },
  {
    test: 'MatchUnregisteredCustomVerb',
    templates: ['/person/{id=*}', '/person/**', '/person/{id=*}/name', '/{x=**}:verb'],
    asks: [
      ['/person:verb', '/{x=**}:verb', { x: 'person' }],
      ['/person/jason:verb', '/{x=**}:verb', { x: 'person/jason' }],
      ['/person/jason/name', '/person/{id=*}/name', { id: 'jason' }],
      ['/person/jason:verb/name', '/person/{id=*}/name', { id: 'jason:verb' }],
      ['/animal:verb', '/{x=**}:verb', { x: 'animal' }],
      ['/animal/cat:verb', '/{x=**}:verb', { x: 'animal/cat' }],
      ['/person:other', null],
      ['/person/jason:other', null],
      ['/animal:other', null],
      ['/animal/cat:other', null],
    ],
  },
  {
    test: 'VariableBindingsWithCustomVerb',
    templates: [
      '/a/{y=*}:verb',
      '/a/{y=d/**}:verb',
      '/{x=*}/a:verb',
      '/{x=**}/b:verb',
      '/e/{x=*}/f:verb',
      '/g/{x=**}/h:verb',
    ],
    asks: [
      ['/a/world:verb', '/a/{y=*}:verb', { y: 'world' }],
      ['/a/d/animal/tiger:verb', '/a/{y=d/**}:verb', { y: 'd/animal/tiger' }],
      ['/foo/a:verb', '/{x=*}/a:verb', { x: 'foo' }],
      ['/foo/bar/baz/b:verb', '/{x=**}/b:verb', { x: 'foo/bar/baz' }],
      ['/e/foo/f:verb', '/e/{x=*}/f:verb', { x: 'foo' }],
      ['/g/foo/bar/h:verb', '/g/{x=**}/h:verb', { x: 'foo/bar' }],
    ],
  },
  {
    test: 'ConstantSuffixesWithVariable',
    templates: [
      '/a/{x=b/**}',
      '/a/{x=b/**}/z',
      '/a/{x=b/**}/y/z',
      '/a/{x=b/**}:verb',
      '/a/{x=**}',
      '/c/{x=*}/{y=d/**}/e',
      '/c/{x=*}/{y=d/**}/e:verb',
      '/f/{x=*}/{y=**}/g',
      '/f/{x=*}/{y=**}/g:verb',
      '/a/{x=b/*/y/z/**}/foo',
      '/a/{x=b/*/**/y/z}/foo',
    ],
    asks: [
      ['/a/b/hello/world/c', '/a/{x=b/**}', { x: 'b/hello/world/c' }],
      ['/a/b/world/c/z', '/a/{x=b/**}/z', { x: 'b/world/c' }],
      ['/a/b/world/c/y/z', '/a/{x=b/**}/y/z', { x: 'b/world/c' }],
      ['/a/b/world/c:verb', '/a/{x=b/**}:verb', { x: 'b/world/c' }],
      ['/a/hello/b/world/c', '/a/{x=**}', { x: 'hello/b/world/c' }],
      ['/c/hello/d/esp/world/e', '/c/{x=*}/{y=d/**}/e', { x: 'hello', y: 'd/esp/world' }],
      ['/c/hola/d/esp/mundo/e:verb', '/c/{x=*}/{y=d/**}/e:verb', { x: 'hola', y: 'd/esp/mundo' }],
      ['/f/foo/bar/baz/g', '/f/{x=*}/{y=**}/g', { x: 'foo', y: 'bar/baz' }],
      ['/f/foo/bar/baz/g:verb', '/f/{x=*}/{y=**}/g:verb', { x: 'foo', y: 'bar/baz' }],
      ['/a/b/foo/y/z/bar/baz/foo', '/a/{x=b/*/y/z/**}/foo', { x: 'b/foo/y/z/bar/baz' }],
      ['/a/b/foo/bar/baz/y/z/foo', '/a/{x=b/*/**/y/z}/foo', { x: 'b/foo/bar/baz/y/z' }],
    ],
  },
  {
    test: 'CustomVerbMatches',
    templates: ['/some/const:verb', '/some/*:verb', '/some/*/foo:verb', '/other/**:verb', '/other/**/const:verb'],
    asks: [
      ['/some/const:verb', '/some/const:verb'],
      ['/some/other:verb', '/some/*:verb'],
      ['/some/other:verb/', null],
      ['/some/bar/foo:verb', '/some/*/foo:verb'],
      ['/some/foo1/foo2/foo:verb', null],
      ['/some/foo/bar:verb', null],
      ['/other/bar/foo:verb', '/other/**:verb'],
      ['/other/bar/foo/const:verb', '/other/**/const:verb'],
    ],
  },
  {
    test: 'CustomVerbMatch2',
    templates: ['/{a=*}/{b=*}:verb'],
    asks: [['/some:verb/const:verb', '/{a=*}/{b=*}:verb', { a: 'some:verb', b: 'const' }]],
  },
  {
    test: 'CustomVerbMatch3',
    templates: ['/foo/{a=*}'],
    asks: [['/foo/other:verb', '/foo/{a=*}', { a: 'other:verb' }]],
  },
  { test: 'CustomVerbMatch4', templates: ['/foo/*/hello'], asks: [['/foo/other:verb/hello', '/foo/*/hello']] },
  {
    test: 'CustomVerbMatch5',
    templates: ['/{a=**}:verb', '/{a=**}'],
    asks: [
      ['/some:verb/const:verb', '/{a=**}:verb', { a: 'some:verb/const' }],
      ['/some:verb/const', '/{a=**}', { a: 'some:verb/const' }],
      ['/some:verb2/const:verb2', '/{a=**}', { a: 'some:verb2/const:verb2' }],
    ],
  },
  {
    test: 'RejectPartialMatches',
    templates: ['/prefix/middle/suffix', '/prefix/middle', '/prefix'],
    asks: [
      ['/prefix/middle/suffix', '/prefix/middle/suffix'],
      ['/prefix/middle', '/prefix/middle'],
      ['/prefix', '/prefix'],
      ['/prefix/middle/suffix/other', null],
      ['/prefix/middle/other', null],
      ['/prefix/other', null],
      ['/other', null],
    ],
  },
  { test: 'LookupReturnsNullIfMatcherEmpty', templates: [], asks: [['a/b/blue/foo', null]] },
  {
    test: 'LookupSimplePaths',
    templates: [
      '/prefix/middle/suffix',
      '/prefix/middle/othersuffix',
      '/prefix/othermiddle/suffix',
      '/otherprefix/middle/suffix',
      '/otherprefix/suffix',
    ],
    asks: [
      ['/prefix/not/a/path', null],
      ['/prefix/middle', null],
      ['/prefix/not/othermiddle', null],
      ['/otherprefix/suffix/othermiddle', null],
      ['/prefix/middle/suffix', '/prefix/middle/suffix'],
      ['/prefix/middle/othersuffix', '/prefix/middle/othersuffix'],
      ['/prefix/othermiddle/suffix', '/prefix/othermiddle/suffix'],
      ['/otherprefix/middle/suffix', '/otherprefix/middle/suffix'],
      ['/otherprefix/suffix', '/otherprefix/suffix'],
      ['/otherprefix/suffix?foo=bar', '/otherprefix/suffix'],
    ],
  },
  { test: 'ReplacevoidForPath', templates: ['/foo/bar', '/foo/bar'], asks: [['/foo/bar', null]] },
  { test: 'LookupReturnsNullForOverspecifiedPath', templates: ['/a/b/c', '/a/b'], asks: [['/a/b/c/d', null]] },
  { test: 'ReturnNullvoidSharedPtrForUnderspecifiedPath', templates: ['/a/b/c/d'], asks: [['/a/b/c', null]] },
  {
    test: 'DifferentHttpMethod',
    templates: ['/a/b'],
    asks: [
      ['/a/b', '/a/b'],
      ['POST /a/b', null],
    ],
  },
  {
    test: 'VariableBindingsWithQueryParams',
    templates: ['/a', '/a/{x}/b', '/a/{x}/b/{y}/c'],
    asks: [
      ['/a?x=hello', '/a', { x: 'hello' }],
      ['/a/book/b?y=shelf&z=author', '/a/{x}/b', { x: 'book', y: 'shelf', z: 'author' }],
      [
        '/a/hello/b/endpoints/c?z=server&t=proxy',
        '/a/{x}/b/{y}/c',
        { x: 'hello', y: 'endpoints', z: 'server', t: 'proxy' },
      ],
    ],
  },
  {
    test: 'VariableBindingsWithQueryParamsEncoding',
    templates: ['/a'],
    asks: [
      ['/a?x=Hello%20world', '/a', { x: 'Hello world' }],
      ['/a?x=%24%25%2F%20%0A', '/a', { x: '$%/ \n' }],
    ],
  },
  {
    test: 'QueryParameterNotUnescapePlus',
    templates: ['/a'],
    asks: [['/a?x=Hello+world&y=%2B+%20', '/a', { x: 'Hello+world', y: '++ ' }]],
  },
  {
    test: 'QueryParameterUnescapePlus',
    templates: ['/a'],
    asks: [['/a?x=Hello+world&y=%2B+%20', '/a', { x: 'Hello world', y: '+  ' }]],
  },
  {
    test: 'VariableBindingsWithQueryParamsAndSystemParams',
    templates: ['/a/{x}/b'],
    asks: [
      ['/a/hello/b?y=world&api_key=secret', '/a/{x}/b', { x: 'hello', y: 'world' }],
      ['/a/hello/b?key=secret&y=world', '/a/{x}/b', { x: 'hello', y: 'world' }],
    ],
  },
  {
    test: 'WildCardMatchesManyWithoutStackOverflow',
    templates: ['/a/**/x'],
    asks: [
      [`/a/${'/'.repeat(64_000)}/x`, '/a/**/x'],
      [`/a/${'/'.repeat(64_000)}/y`, null],
    ],
  },
  { test: 'LookupSilentlyFailsOnDuplicate', templates: ['/a/b', '/a/b'], asks: [['/a/b', null]] },
];

const PATTERN: readonly Omit<MatcherVector, 'from'>[] = [
  {
    test: 'TestMatch 0',
    templates: ['/'],
    asks: [
      ['/', '/'],
      ['/example', null],
      ['/path/to/example', null],
    ],
  },
  {
    test: 'TestMatch 2',
    templates: ['/*'],
    asks: [
      ['/abc', '/*'],
      ['/def', '/*'],
      ['/', null],
      ['/abc/def', null],
    ],
  },
  {
    test: 'TestMatch 3',
    templates: ['/v1'],
    asks: [
      ['/v1', '/v1'],
      ['/', null],
      ['/v2', null],
    ],
  },
  {
    test: 'TestMatch 4',
    templates: ['/**'],
    asks: [
      ['/', '/**'],
      ['/abc', '/**'],
      ['/abc/def', '/**'],
      ['/abc/def/ghi', '/**'],
    ],
  },
  {
    test: 'TestMatch 5',
    templates: ['/**/tail'],
    asks: [
      ['/tail', '/**/tail'],
      ['/abc/tail', '/**/tail'],
      ['/abc/def/tail', '/**/tail'],
      ['/', null],
      ['/abc', null],
      ['/abc/def', null],
      ['/tail/extra', null],
      ['/abc/tail/extra', null],
      ['/abc/def/tail/extra', null],
    ],
  },
  {
    test: 'TestMatch 6',
    templates: ['/v1/bucket/{name=*}'],
    asks: [
      ['/v1/bucket/my-bucket', '/v1/bucket/{name=*}', { name: 'my-bucket' }],
      ['/v1/bucket/our-bucket', '/v1/bucket/{name=*}', { name: 'our-bucket' }],
      ['/', null],
      ['/v1', null],
      ['/v1/bucket', null],
      ['/v2/bucket/my-bucket', null],
      ['/v1/pubsub/my-topic', null],
    ],
  },
  {
    test: 'TestMatch 7',
    templates: ['/v1/{name=o/**}'],
    asks: [
      ['/v1/o', '/v1/{name=o/**}', { name: 'o' }],
      ['/v1/o/my-bucket', '/v1/{name=o/**}', { name: 'o/my-bucket' }],
      ['/v1/o/our-bucket', '/v1/{name=o/**}', { name: 'o/our-bucket' }],
      ['/v1/o/my-bucket/dir', '/v1/{name=o/**}', { name: 'o/my-bucket/dir' }],
      ['/v1/o/my-bucket/dir/dir2', '/v1/{name=o/**}', { name: 'o/my-bucket/dir/dir2' }],
      ['/v1/o/my-bucket/dir/dir2/obj', '/v1/{name=o/**}', { name: 'o/my-bucket/dir/dir2/obj' }],
      ['/', null],
      ['/v1', null],
      ['/v2/o/my-bucket', null],
      ['/v1/b/my-bucket', null],
    ],
  },
  {
    test: 'TestMatch 8',
    templates: ['/v2/{name=b/*}/o/{oname=*}'],
    asks: [
      ['/v2/b/my-bucket/o/obj', '/v2/{name=b/*}/o/{oname=*}', { name: 'b/my-bucket', oname: 'obj' }],
      ['/v2/b/our-bucket/o/obj', '/v2/{name=b/*}/o/{oname=*}', { name: 'b/our-bucket', oname: 'obj' }],
      ['/v2/b/my-bucket/o/dir', '/v2/{name=b/*}/o/{oname=*}', { name: 'b/my-bucket', oname: 'dir' }],
      ['/', null],
      ['/v2', null],
      ['/v2/b', null],
      ['/v2/b/my-bucket', null],
      ['/v2/b/my-bucket/o', null],
    ],
  },
  {
    test: 'TestMatch 9',
    templates: ['/v1:LOCK'],
    asks: [
      ['/v1:LOCK', '/v1:LOCK'],
      ['/v1', null],
      ['/LOCK', null],
    ],
  },
  { test: 'TestMatchWithBinding 3', templates: ['/*:LOCK'], asks: [['/abc:LOCK', '/*:LOCK']] },
  { test: 'TestMatchWithBinding 4', templates: ['/endpoint'], asks: [['/endpoint', '/endpoint']] },
  {
    test: 'TestMatchWithBinding 7',
    templates: ['/v1/bucket/{name=*}:LOCK'],
    asks: [['/v1/bucket/my-bucket:LOCK', '/v1/bucket/{name=*}:LOCK', { name: 'my-bucket' }]],
  },
  {
    test: 'TestMatchWithBinding 9',
    templates: ['/v1/{name=o/**/.ext}/tail'],
    asks: [
      [
        '/v1/o/my-bucket/dir/dir2/obj/.ext/tail',
        '/v1/{name=o/**/.ext}/tail',
        { name: 'o/my-bucket/dir/dir2/obj/.ext' },
      ],
    ],
  },
  {
    test: 'TestMatchWithBinding 11, UnescapingModeAllExceptReserved',
    templates: ['/foo/{id=*}/bar'],
    asks: [['/foo/part1%2Fpart2/bar', '/foo/{id=*}/bar', { id: 'part1/part2' }]],
  },
  {
    test: 'TestMatchWithBinding 12, UnescapingModeAllExceptReserved',
    templates: ['/foo/{id=**}'],
    asks: [['/foo/test%2Fbar', '/foo/{id=**}', { id: 'test%2Fbar' }]],
  },
  {
    test: 'TestMatchWithBinding 13, UnescapingModeAllCharacters',
    templates: ['/foo/{id=**}'],
    asks: [['/foo/test%2Fbar', '/foo/{id=**}', { id: 'test/bar' }]],
  },
];

export const MATCHES: readonly MatcherVector[] = [
  ...PATH_MATCHER.map((vector) => ({ from: 'path_matcher' as const, ...vector })),
  ...PATTERN.map((vector) => ({ from: 'pattern' as const, ...vector })),
];
