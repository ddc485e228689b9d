import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProblemError } from '@trellis/errors';
import { InvalidRequest } from './invalid-request.js';
import { shelf, shelfService } from './shelf-contract.fixture.js';

const get = shelf({ pattern: { case: 'get', value: '/v1/{shelf=shelves/*}/books/{book.name}' } });
const bare = shelf({ pattern: { case: 'get', value: '/v1/books' } });
const post = shelf({ pattern: { case: 'post', value: '/v1/{shelf}' }, body: 'book' });
const whole = shelf({ pattern: { case: 'post', value: '/v1/{shelf}' }, body: '*' });
const PATCH = { pattern: { case: 'patch', value: '/v1/books/{book.name}' }, body: 'book' } as const;
const patch = shelf(PATCH);
const patchRoute = shelfService(PATCH).routes;
const names = shelf({ pattern: { case: 'post', value: '/v1/names' }, body: 'names' });

function errorsOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors;
    throw error;
  }
}

describe('path parameters', () => {
  it('are decoded: one segment wholly, several without their slashes', () => {
    expect(get('GET /v1/shelves/a%2Fb%20c/books/x%2Fy%20z')).toEqual({
      shelf: 'shelves/a%2Fb c',
      book: { name: 'x/y z' },
    });
  });

  it('keep but the slash encoded where there are several segments, in either case', () => {
    expect(get('GET /v1/shelves/%3A%2f%2F%252F+%40/books/%3A%2f%252F+')).toEqual({
      shelf: 'shelves/:%2f%2F%2F+@',
      book: { name: ':/%2F+' },
    });
  });

  it('win over the body, whichever name it uses', () => {
    expect(whole('POST /v1/s1', { shelf: 's2' })).toEqual({ shelf: 's1' });
    expect(patch('PATCH /v1/books/b1', { name: 'other', pageCount: 1 })).toMatchObject({
      book: { name: 'b1', pageCount: 1 },
    });
  });
});

describe('query parameters', () => {
  it.each([
    ['book.page_count=7', { pageCount: 7 }],
    ['book.pageCount=-7', { pageCount: -7 }],
    ['book.sold=9007199254740993', { sold: '9007199254740993' }],
    ['book.rating=1.5', { rating: 1.5 }],
    ['book.rating=NaN', { rating: 'NaN' }],
    ['book.in_print=true', { inPrint: true }],
    ['book.cover=aGk%3D', { cover: 'aGk=' }],
    ['book.genre=CRIME', { genre: 'CRIME' }],
    ['book.genre=2', { genre: 'POETRY' }],
    ['book.tags=a&book.tags=b+c', { tags: ['a', 'b c'] }],
    ['book.genres=CRIME&book.genres=2', { genres: ['CRIME', 'POETRY'] }],
    ['book.published=2026-01-31T12:00:00Z', { published: '2026-01-31T12:00:00Z' }],
    ['book.loan=1.500s', { loan: '1.500s' }],
    ['book.read_mask=page_count,sequel.name', { readMask: 'pageCount,sequel.name' }],
    ['book.readMask=pageCount', { readMask: 'pageCount' }],
    ['book.subtitle=', { subtitle: '' }],
    ['book.signed=false', { signed: false }],
    ['book.sequel.sequel.name=x', { sequel: { sequel: { name: 'x' } } }],
    ['book.copy_count=3', { copyCount: 3 }],
    ['book.ISBN=1&', { ISBN: '1' }],
    ['book.name=%C3%A9', { name: 'é' }],
  ])('%s', (query, book) => expect(bare(`GET /v1/books?${query}`)).toEqual({ book }));

  it.each([
    ['book.page_count=1.5', 'book.page_count', 'must be a whole number from -2147483648 to 2147483647'],
    ['book.sold=x', 'book.sold', 'must be a whole number of at most 64 bits'],
    ['book.in_print=1', 'book.in_print', 'must be true or false'],
    ['book.signed=yes', 'book.signed', 'must be true or false'],
    ['book.cover=***', 'book.cover', 'must be a text in base64'],
    ['book.genre=HORROR', 'book.genre', 'must be one of GENRE_UNSPECIFIED, CRIME, POETRY'],
    ['book.genres=CRIME&book.genres=x', 'book.genres', 'must be one of GENRE_UNSPECIFIED, CRIME, POETRY'],
    ['book.published=today', 'book.published', 'must be a time such as "2026-01-31T12:00:00Z"'],
    ['book.loan=1h', 'book.loan', 'must be a duration in seconds such as "1.5s"'],
    ['book.name=a&book.name=b', 'book.name', 'may be given only once'],
    ['book.name=%ff', 'book.name', 'is not valid percent-encoded UTF-8'],
    ['book=x', 'book', 'cannot be given in the query'],
    ['book.related=x', 'book.related', 'cannot be given in the query'],
    ['book.translations=x', 'book.translations', 'cannot be given in the query'],
    ['book.extra=x', 'book.extra', 'cannot be given in the query'],
    ['book.name.x=1', 'book.name.x', 'is not a known query parameter'],
    ['book.published.seconds=1', 'book.published.seconds', 'is not a known query parameter'],
    ['book.related.name=1', 'book.related.name', 'is not a known query parameter'],
    ['__proto__=1', '__proto__', 'is not a known query parameter'],
    ['book.__proto__.x=1', 'book.__proto__.x', 'is not a known query parameter'],
    ['book.constructor=1', 'book.constructor', 'is not a known query parameter'],
    ['=1', '', 'is not a known query parameter'],
  ])('%s is refused', (query, parameter, detail) => {
    expect(errorsOf(() => bare(`GET /v1/books?${query}`))).toEqual([{ parameter, detail }]);
  });

  it('cannot give what the path or the body gives', () => {
    const detail = 'comes from the path or the body, not from the query';
    expect(errorsOf(() => post('POST /v1/s?shelf=x&book.name=y', {}))).toEqual([
      { parameter: 'shelf', detail },
      { parameter: 'book.name', detail },
    ]);
  });

  it('name a field at any depth that JSON may have, and none below', () => {
    const name = (depth: number): string => `book.${'sequel.'.repeat(depth)}name`;
    expect(JSON.stringify(bare(`GET /v1/books?${name(90)}=x`))).toContain('"name":"x"');
    for (const depth of [100, 2_000]) {
      expect(errorsOf(() => bare(`GET /v1/books?${name(depth)}=x`))).toMatchObject([
        { detail: 'is not a known query parameter' },
      ]);
    }
  });

  it('cannot give two members of a oneof', () => {
    expect(errorsOf(() => bare('GET /v1/books?book.copies=a&book.copy_count=1'))).toEqual([
      { parameter: 'book.copy_count', detail: 'cannot be given together with copies' },
    ]);
  });

  it('are refused one by one, never with a fault of ours', () => {
    const part = fc.oneof(
      fc.constantFrom('book', 'name', 'shelf', 'tags', 'sequel', '__proto__', 'update_mask', '.', '='),
      fc.string(),
    );
    const query = fc.array(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join('.')),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(query, (pairs) => {
        errorsOf(() => bare(`GET /v1/books?${pairs.join('&').replace(/[ ?]/g, '')}`));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a body', () => {
  it('may be absent', () => {
    expect(post('POST /v1/s')).toEqual({ shelf: 's' });
    expect(whole('POST /v1/s')).toEqual({ shelf: 's' });
  });

  it('may be a list, or null for nothing', () => {
    expect(names('POST /v1/names', ['a', 'b'])).toEqual({ names: ['a', 'b'] });
    expect(names('POST /v1/names', null)).toEqual({});
    expect(errorsOf(() => names('POST /v1/names', ['a', 1, null]))).toEqual([
      { pointer: '#/1', detail: 'must be a text' },
      { pointer: '#/2', detail: 'must be a text' },
    ]);
  });

  it('has every wrong place named', () => {
    const body = {
      pageCount: '12x',
      sold: 1e300,
      genre: 'NONE',
      genres: 'CRIME',
      tags: ['a', 2, 'c', { d: 4 }],
      published: '2026-13-01T00:00:00Z',
      extra: [],
      sequel: { inPrint: 'yes', sequel: [] },
      related: [{}, { name: 1 }, null, 'x', { related: [{ unknown: 1 }] }],
      translations: { en: { name: 1 }, 'a/b': 7 },
      copies: 'x',
      copyCount: 1,
      page_count: 1,
      shelfMark: { '@type': 'type.googleapis.com/none' },
      ISBN: 5,
    };
    const number = 'must be a whole number from -2147483648 to 2147483647';
    expect(errorsOf(() => post('POST /v1/s', body))).toEqual([
      { pointer: '#/pageCount', detail: number },
      { pointer: '#/sold', detail: 'must be a whole number of at most 64 bits' },
      { pointer: '#/genre', detail: 'must be one of GENRE_UNSPECIFIED, CRIME, POETRY' },
      { pointer: '#/genres', detail: 'must be an array' },
      { pointer: '#/tags/1', detail: 'must be a text' },
      { pointer: '#/tags/3', detail: 'must be a text' },
      { pointer: '#/published', detail: 'must be a time such as "2026-01-31T12:00:00Z"' },
      { pointer: '#/extra', detail: 'must be an object' },
      { pointer: '#/sequel/inPrint', detail: 'must be true or false' },
      { pointer: '#/sequel/sequel', detail: 'must be an object' },
      { pointer: '#/related/1/name', detail: 'must be a text' },
      { pointer: '#/related/2', detail: 'must be an object' },
      { pointer: '#/related/3', detail: 'must be an object' },
      { pointer: '#/related/4/related/0/unknown', detail: 'is not a known field' },
      { pointer: '#/translations/en/name', detail: 'must be a text' },
      { pointer: '#/translations/a~1b', detail: 'must be an object' },
      { pointer: '#/copyCount', detail: 'cannot be given together with copies' },
      { pointer: '#/page_count', detail: 'cannot be given together with pageCount' },
      { pointer: '#/shelfMark', detail: 'must be an object whose "@type" names a known message' },
      { pointer: '#/ISBN', detail: 'must be a text' },
    ]);
  });

  it('has times that are none named, wherever they stand', () => {
    const bad = '2026-02-30T00:00:00Z';
    const any = { '@type': 'type.googleapis.com/google.protobuf.Timestamp', value: bad };
    const body = {
      published: bad,
      sequel: { loan: '1sx', published: '2026-02-28T00:00:00Z' },
      related: [{}, { sequel: { published: bad } }],
      translations: { en: { published: '2026-01-31T24:00:00Z' } },
      shelfMark: any,
    };
    const time = 'must be a time such as "2026-01-31T12:00:00Z"';
    expect(errorsOf(() => post('POST /v1/s', body))).toEqual([
      { pointer: '#/published', detail: time },
      { pointer: '#/sequel/loan', detail: expect.stringContaining('must be a duration') },
      { pointer: '#/related/1/sequel/published', detail: time },
      { pointer: '#/translations/en/published', detail: time },
      { pointer: '#/shelfMark', detail: expect.any(String) },
    ]);
    expect(errorsOf(() => bare(`GET /v1/books?book.published=${bad}`))).toEqual([
      { parameter: 'book.published', detail: time },
    ]);
  });

  it('has no more than fifty places named, quickly, however many are wrong', () => {
    const tags = Array.from({ length: 100_000 }, (_, index) => (index % 2 ? index : 'x'));
    expect(errorsOf(() => post('POST /v1/s', { tags }))).toHaveLength(50);
    const late = [...Array.from({ length: 100_000 }, () => 'x'), 1];
    expect(errorsOf(() => post('POST /v1/s', { tags: late }))).toEqual([
      { pointer: '#/tags/100000', detail: 'must be a text' },
    ]);
  });

  it('is told of in few words, however many and long the names in it are', () => {
    const names = Array.from({ length: 2_500 }, (_, index) => `a${index}`).join('&');
    expect(errorsOf(() => bare(`GET /v1/books?${names}`))).toHaveLength(50);
    const [place] = errorsOf(() => post('POST /v1/s', { ['€'.repeat(100_000)]: 1 })) as ProblemError[];
    expect(place).toEqual({ pointer: expect.stringMatching(/^#\/(%E2%82%AC)+.*…$/), detail: 'is not a known field' });
    expect(place?.pointer).toHaveLength(256);
  });

  it('cannot be nested without end', () => {
    const deep = (depth: number): string => `${'{"sequel":'.repeat(depth)}{}${'}'.repeat(depth)}`;
    const [request] = patchRoute;
    const decode = (text: string) =>
      request?.decode({ captures: ['b'], query: '', body: new TextEncoder().encode(text) }).length;
    expect(decode(deep(90))).toBeGreaterThan(90);
    expect(errorsOf(() => decode(deep(100_000)))).toMatchObject([{ detail: 'is nested too deeply' }]);
    expect(errorsOf(() => decode(`{"extra":${deep(100_000)}}`))).toMatchObject([
      { pointer: expect.stringMatching(/^#\/extra\/sequel/), detail: 'is nested too deeply' },
    ]);
  });

  it('is never a way into a prototype', () => {
    const body = JSON.parse('{"__proto__": {"name": "x"}, "constructor": 1}') as unknown;
    expect(errorsOf(() => post('POST /v1/s', body))).toMatchObject([
      { pointer: '#/__proto__' },
      { pointer: '#/constructor' },
    ]);
  });

  it('reads, or has a wrong place named: any JSON whatever', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const result = errorsOf(() => post('POST /v1/s', { tags: ['a'], sequel: json, name: json }));
        if (Array.isArray(result)) expect(result.length).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the mask of a PATCH', () => {
  const maskOf = (target: string, body: unknown): unknown =>
    (patch(target, body) as { updateMask?: string }).updateMask;

  it.each([
    [{ pageCount: 1, tags: [] }, 'pageCount,tags'],
    [{ page_count: null }, 'pageCount'],
    [{ sequel: { name: 'x', sequel: { tags: [] } } }, 'sequel.name,sequel.sequel.tags'],
    [{ sequel: {}, extra: { a: 1 }, published: '2026-01-31T12:00:00Z' }, 'sequel,extra,published'],
    [{ translations: { en: { name: 'x' } }, related: [{ name: 'y' }] }, 'translations,related'],
    [{ name: 'other', rating: 1 }, 'rating'],
    [{}, ''],
  ])('%j names %s', (body, mask) => expect(maskOf('PATCH /v1/books/b', body)).toBe(mask));

  it('is the one that the request gives, when it gives one', () => {
    expect(maskOf('PATCH /v1/books/b?update_mask=in_print', { rating: 1 })).toBe('inPrint');
  });

  it('is made for a PATCH of one field only', () => {
    expect(post('POST /v1/s', { rating: 1 })).toEqual({ shelf: 's', book: { rating: 1 } });
  });
});
