import {
  type JsonObject,
  type MessageInitShape,
  createRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import type { HttpRuleSchema } from '@trellis/contracts/google/api';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { ContractError } from './contract-error.js';
import { type Route, routeOf, routesOf } from './route.js';
import { shelfService } from './shelf-contract.fixture.js';

const get = (value: string) => ({ case: 'get', value }) as const;

describe('the routes of a contract', () => {
  it('are one for each rule and additional binding', () => {
    const { routes } = shelfService({
      pattern: { case: 'custom', value: { kind: 'REPORT', path: '/a/{shelf}' } },
      additionalBindings: [{ pattern: get('/b/{shelf}') }, { pattern: { case: 'put', value: '/c' }, body: '*' }],
    });
    expect(routes.map(({ httpMethod, template, bodyForm }) => [httpMethod, template.text, bodyForm])).toEqual([
      ['REPORT', '/a/{shelf}', 'none'],
      ['GET', '/b/{shelf}', 'none'],
      ['PUT', '/c', 'json'],
    ]);
    expect(new Set(routes.map(({ method }) => method)).size).toBe(1);
  });

  it.each<[string, MessageInitShape<typeof HttpRuleSchema>, string]>([
    ['an unknown variable', { pattern: get('/{nothing}') }, 'names nothing, which the request does not have'],
    ['a variable below a scalar', { pattern: get('/{shelf.x}') }, 'names shelf.x'],
    ['a list in the path', { pattern: get('/{names}') }, 'names cannot stand in a path'],
    ['a message in the path', { pattern: get('/{book}') }, 'book cannot stand in a path'],
    [
      'a bad template',
      { pattern: get('/{shelf') },
      'test.Shelves/Method0: Path template "/{shelf": "{shelf" must be a whole',
    ],
    [
      'a field that stands in the path twice',
      { pattern: get('/{update_mask}/{updateMask}') },
      'names update_mask twice',
    ],
    [
      'a body that is in the path',
      { pattern: get('/{shelf}'), body: 'shelf' },
      'body names shelf, which the path gives',
    ],
    ['an unknown body', { pattern: get('/a'), body: 'x' }, 'body names x, which test.Request does not have'],
    ['an unknown answer', { pattern: get('/a'), responseBody: 'x' }, 'response_body names x'],
    [
      'nested bindings',
      {
        pattern: get('/a'),
        additionalBindings: [{ pattern: get('/b'), additionalBindings: [{ pattern: get('/c') }] }],
      },
      'cannot nest',
    ],
    ['a binding without a path', { pattern: get('/a'), additionalBindings: [{}] }, 'has no path'],
  ])('refuse %s, naming the method', (_, rule, reason) => {
    expect(() => shelfService(rule)).toThrow(ContractError);
    expect(() => shelfService(rule)).toThrow(reason);
  });

  it('leave out methods without a rule', () => {
    expect(shelfService({ pattern: get('/a') }, {}).routes).toHaveLength(1);
  });

  it('leave out streams, but for server streams when they are asked for', () => {
    const paths = (options?: { readonly serverStreams: boolean }) =>
      routesOf(RegistryService, createRegistry(), options).map(({ template }) => template.text);
    const watch = '/v1/services/{service}/instances:watch';
    expect(paths()).not.toContain(watch);
    expect(paths({ serverStreams: true })).toEqual(expect.arrayContaining([watch, '/v1/services']));
  });
});

describe('a route that the contract does not have', () => {
  const { registry, request, routes } = shelfService({ pattern: get('/a') });
  const [{ method }] = routes as [Route];
  const make = (rule: MessageInitShape<typeof HttpRuleSchema>, parameters?: Record<string, string>) =>
    routeOf(method, rule, registry, { parameters });
  const read = (route: Route, query: string): unknown =>
    toJson(request, fromBinary(request, route.decode({ captures: [], query, body: undefined })));

  it('names query parameters as it likes', () => {
    const route = make({ pattern: get('/get_book') }, { shelf_id: 'shelf', title: 'book.name', tag: 'book.tags' });
    expect(read(route, 'shelf_id=s&title=t&tag=a&tag=b&book.page_count=3')).toEqual({
      shelf: 's',
      book: { name: 't', tags: ['a', 'b'], pageCount: 3 },
    });
    expect(read(route, 'shelf=s')).toEqual({ shelf: 's' });
    expect(() => read(route, 'shelf=s&shelf_id=t')).toThrow('shelf_id may be given only once');
    expect(route.locate('shelf')).toEqual({ parameter: 'shelf_id' });
    expect(route.locate('book.name')).toEqual({ parameter: 'title' });
  });

  it('has a name of its own win over that of a field', () => {
    expect(read(make({ pattern: get('/x') }, { shelf: 'book.name' }), 'shelf=s')).toEqual({ book: { name: 's' } });
  });

  it.each<[string, MessageInitShape<typeof HttpRuleSchema>, Record<string, string>, string]>([
    [
      'a field that is not there',
      { pattern: get('/x') },
      { id: 'post.id' },
      'Method0: the query parameter id names post.id, which the request does not have',
    ],
    ['a message', { pattern: get('/x') }, { id: 'book' }, 'id is for book, which cannot be given in the query'],
    ['a field of the path', { pattern: get('/{shelf}') }, { id: 'shelf' }, 'comes from the path or the body'],
    [
      'a field of the body',
      { pattern: get('/x'), body: 'book' },
      { id: 'book.name' },
      'comes from the path or the body',
    ],
    ['a field when the body takes all', { pattern: get('/x'), body: '*' }, { id: 'shelf' }, 'comes from the body'],
    ['a parameter without a name', { pattern: get('/x') }, { '': 'shelf' }, 'has no name'],
    ['more than one rule', { pattern: get('/x'), additionalBindings: [{ pattern: get('/y') }] }, {}, 'no additional'],
    ['a bad template', { pattern: get('/{x') }, {}, 'must be a whole segment'],
  ])('refuses %s', (_, rule, parameters, reason) => {
    expect(() => make(rule, parameters)).toThrow(ContractError);
    expect(() => make(rule, parameters)).toThrow(reason);
  });

  it('is for unary methods', () => {
    const watch = RegistryService.method.watch;
    expect(() => routeOf(watch, { pattern: get('/x') }, registry)).toThrow('only unary methods');
  });
});

describe('an answer', () => {
  const encode = (json: object, responseBody = ''): unknown => {
    const { routes, request, registry } = shelfService({ pattern: get('/a'), responseBody });
    const content = routes[0]?.encode(toBinary(request, fromJson(request, json as JsonObject, { registry })));
    expect(content?.contentType).toBe('application/json');
    return JSON.parse(String(content?.body));
  };

  it('is proto3 JSON, with empty lists and zeros where a field has no presence', () => {
    expect(encode({ shelf: 's' })).toEqual({ shelf: 's', names: [] });
    expect(
      encode({ book: { sold: '9007199254740993', published: '2026-01-31T12:00:00Z', cover: 'aGk=' } }),
    ).toMatchObject({
      book: {
        name: '',
        pageCount: 0,
        sold: '9007199254740993',
        genre: 'GENRE_UNSPECIFIED',
        tags: [],
        published: '2026-01-31T12:00:00Z',
        cover: 'aGk=',
        ISBN: '',
      },
      shelf: '',
    });
  });

  it('is the field that response_body names', () => {
    expect(encode({ book: { name: 'b' } }, 'book')).toMatchObject({ name: 'b', tags: [] });
    expect(encode({ names: ['a'] }, 'names')).toEqual(['a']);
    expect(encode({}, 'names')).toEqual([]);
    expect(encode({}, 'book')).toBeNull();
  });

  it('is the same whatever order its bytes are in, and of two values the last', () => {
    const { routes } = shelfService({ pattern: get('/a') });
    const json = (...bytes: number[]): unknown => JSON.parse(String(routes[0]?.encode(Uint8Array.from(bytes)).body));
    const [name, shelf, empty] = [
      [0x22, 1, 97],
      [0x12, 1, 98],
      [0x12, 0],
    ];
    expect(json(...name, ...shelf)).toEqual({ shelf: 'b', names: ['a'] });
    expect(json(...shelf, ...name)).toEqual({ shelf: 'b', names: ['a'] });
    expect(json(...name, ...shelf, ...name, ...empty)).toEqual({ shelf: '', names: ['a', 'a'] });
  });

  it('that many empty messages would make too large is refused, and the next one is not', () => {
    const { routes } = shelfService({ pattern: get('/a') });
    const books = new Uint8Array(1_500_000);
    for (let at = 0; at < books.length; at += 3) books.set([0x8a, 0x01, 0], at);
    const message = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(books).finish();
    expect(() => routes[0]?.encode(message)).toThrow(RangeError);
    expect(String(routes[0]?.encode(new Uint8Array()).body)).toBe('{"shelf":"","names":[]}');
  });

  it('that is no such message is refused', () => {
    const { routes } = shelfService({ pattern: get('/a') });
    expect(() => routes[0]?.encode(new Uint8Array([255]))).toThrow();
  });

  it('shows what an Any of the contract holds', () => {
    expect(
      encode({ book: { shelfMark: { '@type': 'type.googleapis.com/test.Book', name: 'x' } } }, 'book'),
    ).toMatchObject({
      shelfMark: { '@type': 'type.googleapis.com/test.Book', name: 'x' },
    });
  });
});

describe('what a service complains about', () => {
  const rules = { pattern: { case: 'patch', value: '/v1/{shelf}/{book.name}' }, body: 'book' } as const;
  const route = shelfService(rules).routes[0];

  it.each([
    ['book', { pointer: '#' }],
    ['book.page_count', { pointer: '#/pageCount' }],
    ['book.isbn', { pointer: '#/ISBN' }],
    ['book.related[2].sequel.in_print', { pointer: '#/related/2/sequel/inPrint' }],
    ['book.translations["a.b/c"].name', { pointer: '#/translations/a.b~1c/name' }],
    ['book.name', { parameter: 'book.name' }],
    ['shelf', { parameter: 'shelf' }],
    ['update_mask', { parameter: 'updateMask' }],
    ['names[1]', { parameter: 'names' }],
    ['', { pointer: '#' }],
    ['never.heard[of]', { parameter: 'never.heard.of' }],
  ])('%s is found in the HTTP request', (field, place) => expect(route?.locate(field)).toEqual(place));
});
