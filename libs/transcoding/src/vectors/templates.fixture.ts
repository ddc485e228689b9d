/**
 * Path templates and what others read in them.
 *
 * - `http_template`: grpc-ecosystem/grpc-httpjson-transcoding, test/http_template_test.cc at a6e226f (Envoy's transcoder).
 *   Copyright 2016 Google Inc., Apache License 2.0.
 * - `path_matcher`: the same repository's test/path_matcher_test.cc (InvalidTemplates).
 * - `httprule`: grpc-ecosystem/grpc-gateway, internal/httprule/{parse,types}_test.go and runtime/pattern_test.go at 9648db4.
 *   Copyright 2015 Gengo, Inc., BSD 3-Clause License. Its tokens are written as the templates that they come from; what only
 *   its byte code has (TestNewPattern, TestCompile) is left out.
 *
 * Data only, transcribed. A template that is refused has no `segments`. Variables are [field, first segment, segment after
 * the last], -1 for the end of the path and -2 for one segment before it.
 */
export interface TemplateVector {
  readonly from: 'http_template' | 'path_matcher' | 'httprule';
  readonly template: string;
  readonly segments?: string;
  readonly verb?: string;
  readonly variables?: readonly (readonly [string, number, number])[];
}

type Read = readonly [template: string, segments: string, variables?: TemplateVector['variables'], verb?: string];

const HTTP_TEMPLATE: readonly Read[] = [
  [
    '/shelves/{shelf}/books/{book}',
    'shelves * books *',
    [
      ['shelf', 1, 2],
      ['book', 3, 4],
    ],
  ],
  ['/shelves/**', 'shelves **'],
  ['/**', '**'],
  ['/*', '*'],
  ['/a:foo', 'a', [], 'foo'],
  ['/a/b/c:foo', 'a b c', [], 'foo'],
  ['/*/**', '* **'],
  ['/*/a/**', '* a **'],
  ['/a/{a.b.c}', 'a *', [['a.b.c', 1, 2]]],
  ['/a/{a.b.c=*}', 'a *', [['a.b.c', 1, 2]]],
  ['/a/{b=*}', 'a *', [['b', 1, 2]]],
  ['/a/{b=**}', 'a **', [['b', 1, -1]]],
  ['/a/{b=c/*}', 'a c *', [['b', 1, 3]]],
  ['/a/{b=c/*/d}', 'a c * d', [['b', 1, 4]]],
  ['/a/{b=c/**}', 'a c **', [['b', 1, -1]]],
  ['/a/{b=c/**}/d/e', 'a c ** d e', [['b', 1, -3]]],
  ['/a/{b=c/**/d}/e', 'a c ** d e', [['b', 1, -2]]],
  ['/a/{b=c/**/d}/e:verb', 'a c ** d e', [['b', 1, -2]], 'verb'],
  ['/*:verb', '*', [], 'verb'],
  ['/**:verb', '**', [], 'verb'],
  ['/{a}:verb', '*', [['a', 0, 1]], 'verb'],
  ['/a/b/*:verb', 'a b *', [], 'verb'],
  ['/a/b/**:verb', 'a b **', [], 'verb'],
  ['/a/b/{a}:verb', 'a b *', [['a', 2, 3]], 'verb'],
  ['/{x}', '*', [['x', 0, 1]]],
  ['/{x.y.z}', '*', [['x.y.z', 0, 1]]],
  ['/{x=*}', '*', [['x', 0, 1]]],
  ['/{x=a/*}', 'a *', [['x', 0, 2]]],
  ['/{x.y.z=*/a/b}/c', '* a b c', [['x.y.z', 0, 3]]],
  ['/{x=**}', '**', [['x', 0, -1]]],
  ['/{x.y.z=**}', '**', [['x.y.z', 0, -1]]],
  ['/{x.y.z=a/**/b}', 'a ** b', [['x.y.z', 0, -1]]],
  ['/{x.y.z=a/**/b}/c/d', 'a ** b c d', [['x.y.z', 0, -3]]],
  ['/{x}:verb', '*', [['x', 0, 1]], 'verb'],
  ['/{x.y.z}:verb', '*', [['x.y.z', 0, 1]], 'verb'],
  ['/{x.y.z=*/*}:verb', '* *', [['x.y.z', 0, 2]], 'verb'],
  ['/{x=**}:myverb', '**', [['x', 0, -1]], 'myverb'],
  ['/{x.y.z=**}:myverb', '**', [['x.y.z', 0, -1]], 'myverb'],
  ['/{x.y.z=a/**/b}:custom', 'a ** b', [['x.y.z', 0, -1]], 'custom'],
  ['/{x.y.z=a/**/b}/c/d:custom', 'a ** b c d', [['x.y.z', 0, -3]], 'custom'],
  ['/', ''],
  ['/a/*:verb', 'a *', [], 'verb'],
  ['/a/**:verb', 'a **', [], 'verb'],
  ['/a/{b=*}/**:verb', 'a * **', [['b', 1, 2]], 'verb'],
];

const HTTP_TEMPLATE_REFUSED =
  ' // /{} /a/ /a//b :verb /:verb /a/:verb : /: /*: /**: /{var}: /a/b/: /a/b/*: /a/b/**: /a/b/{var}: /a/{ /a/{var' +
  ' /a/{var. /a/{x=var:verb} a {x} {x=/a} {x=/a/b} a/b a/b/{x} a/{x}/b a/{x}/b:verb /a/{var=/b} /{var=a/{nested=b}}' +
  ' /a{x} /{x}a /a{x}b /{x}a{y} /a/b{x} /a/{x}b /a/b{x}c /a/{x}b{y} /a/b{x}/s /a/{x}b/s /a/b{x}c/s /a/{x}b{y}/s' +
  ' /a/*: /a/**: /a/{b=*}/**:';

const PATH_MATCHER_REFUSED =
  '/a{x=b/**}/{y=*} /a{x=b/**}/bb/{y=*} /a{x=b/**}/{y=**} /a{x=b/**}/bb/{y=**} /a/**/* /a/**/foo/* /a/**/** /a/**/foo/**';

const HTTPRULE: readonly Read[] = [
  ['/v1', 'v1'],
  ['/v1/b', 'v1 b'],
  ['/v1/endpoint/*', 'v1 endpoint *'],
  ['/v1/endpoint/**', 'v1 endpoint **'],
  ['/v1/b/{bucket_name=*}', 'v1 b *', [['bucket_name', 2, 3]]],
  ['/v1/b/{bucket_name=buckets/*}', 'v1 b buckets *', [['bucket_name', 2, 4]]],
  ['/v1/b/{bucket_name=buckets/*}/o', 'v1 b buckets * o', [['bucket_name', 2, 4]]],
  [
    '/v1/b/{bucket_name=buckets/*}/o/{name}',
    'v1 b buckets * o *',
    [
      ['bucket_name', 2, 4],
      ['name', 5, 6],
    ],
  ],
  ['/v1/a=b&c=d;e=f:g/endpoint.rdf', 'v1 a=b&c=d;e=f:g endpoint.rdf'],
  ['/v1/a/{endpoint}:a', 'v1 a *', [['endpoint', 2, 3]], 'a'],
  ['/v1/a/{endpoint}:b:c', 'v1 a *', [['endpoint', 2, 3]], 'b:c'],
  ['/:LOCK', '', [], 'LOCK'],
  ['/v1:LOCK', 'v1', [], 'LOCK'],
  ['/v1/endpoint/*:LOCK', 'v1 endpoint *', [], 'LOCK'],
  ['/v1/endpoint/**:LOCK', 'v1 endpoint **', [], 'LOCK'],
  [
    '/v1/b/{bucket_name=buckets/*}/o/{name}:LOCK',
    'v1 b buckets * o *',
    [
      ['bucket_name', 2, 4],
      ['name', 5, 6],
    ],
    'LOCK',
  ],
  ["/-._~!$&'()*+,;=:@", "-._~!$&'()*+,;=:@"],
  ['/%e7%ac%ac%e4%b8%80%e7%89%88', '第一版'],
  ['/{name}', '*', [['name', 0, 1]]],
  ['/{name=*}', '*', [['name', 0, 1]]],
  ['/{field.nested.nested2=*}', '*', [['field.nested.nested2', 0, 1]]],
  ['/{name=a/b/*}', 'a b *', [['name', 0, 3]]],
  [
    '/v1/{name.nested.nested2=a/b/*}/o/{another_name=a/b/*/c}/**',
    'v1 a b * o a b * c **',
    [
      ['name.nested.nested2', 1, 4],
      ['another_name', 5, 9],
    ],
  ],
  ['/v1/{name}:bla:baa', 'v1 *', [['name', 1, 2]], 'bla:baa'],
  ['/v1/{name}:', 'v1 *', [['name', 1, 2]]],
  ['/v1/{name=segment/wi:th}', 'v1 segment wi:th', [['name', 1, 3]]],
  ['/{name=a}', 'a', [['name', 0, 1]]],
  ['/{name=a/*/b}', 'a * b', [['name', 0, 3]]],
  [
    '/v1/{name=a/*/b}/c/{field.nested=*/d}/*/e/**',
    'v1 a * b c * d * e **',
    [
      ['name', 1, 4],
      ['field.nested', 5, 7],
    ],
  ],
  ['/endpoint', 'endpoint'],
  ['/endpoint:LOCK', 'endpoint', [], 'LOCK'],
  [
    '/v1/{bucket_name=buckets/*}/{name=objects/**/.ext}/tail',
    'v1 buckets * objects ** .ext tail',
    [
      ['bucket_name', 1, 3],
      ['name', 3, -2],
    ],
  ],
];

const HTTPRULE_REFUSED =
  'v1/{name} /// /a?b /% /%2 /a%2z /{name /{name= /{name=* /{name.} /{name..nested} /{field-name} /v1{name}' +
  ' v1/b/:name/do';

const vectors = (from: TemplateVector['from'], read: readonly Read[], refused: string): TemplateVector[] => [
  ...read.map(([template, segments, variables = [], verb = '']) => ({ from, template, segments, variables, verb })),
  ...refused.split(' ').map((template) => ({ from, template })),
];

export const TEMPLATES: readonly TemplateVector[] = [
  ...vectors('http_template', HTTP_TEMPLATE, HTTP_TEMPLATE_REFUSED),
  ...vectors('path_matcher', [], PATH_MATCHER_REFUSED),
  ...vectors('httprule', HTTPRULE, HTTPRULE_REFUSED),
];
