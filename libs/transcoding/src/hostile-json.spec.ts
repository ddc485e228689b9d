import { fromBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InvalidRequest } from './invalid-request.js';
import { shelfService } from './shelf-contract.fixture.js';

const { routes, registry, request } = shelfService({ pattern: { case: 'post', value: '/v1' }, body: '*' });
const [route] = routes;

function read(body: string | Uint8Array): unknown {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  try {
    const message = route?.decode({ captures: [], query: '', body: bytes }) ?? new Uint8Array();
    return toJson(request, fromBinary(request, message), { registry });
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
    throw error;
  }
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('JSON', () => {
  it.each([
    ['in itself', '{"shelf":"a","shelf":"b"}', '#/shelf is given twice'],
    ['with the same value', '{"shelf":"a","shelf":"a"}', '#/shelf is given twice'],
    ['once with an escape', '{"shelf":"a","s\\u0068elf":"b"}', '#/shelf is given twice'],
    ['once as null', '{"shelf":null,"shelf":"b"}', '#/shelf is given twice'],
    [
      'in both spellings',
      '{"update_mask":"a","updateMask":"b"}',
      '#/updateMask cannot be given together with update_mask',
    ],
    ['of a map', '{"book":{"translations":{"en":{},"en":{}}}}', '#/book/translations/en is given twice'],
    ['of a Struct', '{"book":{"extra":{"a":1,"b":{"a":1,"a":2}}}}', '#/book/extra/b/a is given twice'],
    ['called __proto__', '{"__proto__":1,"__proto__":2}', '#/__proto__ is given twice'],
  ])('may have no key twice: %s', (_, body, error) => expect(read(body)).toEqual([error]));

  it.each([
    ['{"book":{"rating":1e400}}', '#/book/rating'],
    ['{"book":{"rating":-1e400}}', '#/book/rating'],
    ['{"book":{"sold":1e400}}', '#/book/sold'],
    ['{"book":{"extra":{"a":[1,1e400]}}}', '#/book/extra/a/1'],
    [`{"book":{"rating":${'9'.repeat(400)}}}`, '#/book/rating'],
  ])('may have no number that is none to anybody: %s', (body, place) =>
    expect(read(body)).toEqual([`${place} is too large a number`]),
  );

  it.each([
    ['"\\ud800"', 'alone'],
    ['"\\udc00"', 'the second alone'],
    ['"\\ud800\\u0041"', 'before another'],
    ['"\\udc00\\ud800"', 'in the wrong order'],
    ['"\\ud800x"', 'before a letter'],
  ])('may have no half of a surrogate pair: %s', (text) => {
    expect(read(`{"shelf":${text}}`)).toEqual(['#/shelf has half of a surrogate pair']);
    expect(read(`{"book":{"extra":{"a":${text}}}}`)).toEqual(['#/book/extra/a has half of a surrogate pair']);
    expect(read(`{"book":{"extra":{${text}:1}}}`)).toEqual(['#/book/extra has half of a surrogate pair']);
  });

  it('has whole surrogate pairs, and whatever else can be escaped', () => {
    const text = '"\\ud83d\\ude00 \\u00e9\\u6f22 \\"\\\\\\/\\b\\f\\n\\r\\t \\u0000 😀 \u2028"';
    expect(read(`{"shelf":${text}}`)).toEqual({ shelf: JSON.parse(text) });
  });

  it.each([
    ['an overlong slash', '\xc0\xaf'],
    ['an overlong NUL', '\xe0\x80\x80'],
    ['half a surrogate pair', '\xed\xa0\x80'],
    ['a character past the last', '\xf4\x90\x80\x80'],
    ['a byte of no character', '\xff'],
    ['a tail alone', '\x80'],
    ['a character cut short', '\xe6\xbc'],
  ])('is UTF-8: not %s', (_, bytes) => {
    expect(read(latin1(`{"shelf":"${bytes}"}`))).toEqual(['#/shelf is not valid UTF-8']);
    expect(read(latin1(`{"${bytes}":1}`))).toEqual(['# is not valid UTF-8']);
    expect(read(latin1(`{"shelf":"\\n${bytes}"}`))).toEqual(['#/shelf is not valid UTF-8']);
  });

  it.each([
    ['{"shelf":"a"', '# is not valid JSON: it ends too early'],
    ['{"shelf":"a', '# is not valid JSON: it ends too early'],
    ['{"shelf":"a"}}', '# is not valid JSON: wrong character at byte 14'],
    ['{"shelf":"a"} {}', '# is not valid JSON: wrong character at byte 15'],
    ["{'shelf':1}", '# is not valid JSON: wrong character at byte 2'],
    ['{"shelf":"\n"}', '# is not valid JSON: wrong character at byte 11'],
    ['{"shelf":"\\x"}', '# is not valid JSON: wrong character at byte 13'],
    ['{"shelf":"\\u00zz"}', '# is not valid JSON: wrong character at byte 16'],
    ['{"names":["a",]}', '# is not valid JSON: wrong character at byte 15'],
    ['{"book":{"rating":01}}', '# is not valid JSON: wrong character at byte 19'],
    ['{"book":{"rating":+1}}', '# is not valid JSON: wrong character at byte 19'],
    ['{"book":{"rating":.5}}', '# is not valid JSON: wrong character at byte 19'],
    ['{"book":{"rating":NaN}}', '# is not valid JSON: wrong character at byte 19'],
    ['{"book":{"rating":tru}}', '# is not valid JSON: wrong character at byte 19'],
    ['{"shelf":"a"}\u0000', '# is not valid JSON: wrong character at byte 14'],
    ['\u0000', '# is not valid JSON: wrong character at byte 1'],
    [' ', '# is not valid JSON: it ends too early'],
  ])('is JSON to the letter: not %j', (body, error) => expect(read(body)).toEqual([error]));

  it('may begin with a byte order mark, as some editors write it', () => {
    expect(read('\ufeff{"shelf":"a"}')).toEqual({ shelf: 'a' });
  });

  it('that nests 10,000 deep is refused, not followed', () => {
    const deep = (open: string, close: string): string => open.repeat(10_000) + close.repeat(10_000);
    const error = [expect.stringMatching(/is nested too deeply$/)];
    expect(read(deep('[', ']'))).toEqual(error);
    expect(read(deep('{"book":', '}'))).toEqual(error);
    expect(read(`{"book":${deep('{"sequel":', '}')}}`)).toEqual(error);
    expect(read(`{"book":{"related":${deep('[', ']')}}}`)).toEqual(error);
    expect(read(`{"book":{"extra":{"a":${deep('[', ']')}}}}`)).toEqual(error);
    expect(read(`{"book":{"shelfMark":${deep('{"@type":', '}')}}}`)).toEqual(error);
    expect(read(`{"unknown":${deep('[', ']')}}`)).toEqual(error);
  });

  it('nests as deep as messages may, and no deeper', () => {
    const books = (depth: number): string => `{"book":${'{"sequel":'.repeat(depth - 2)}{}${'}'.repeat(depth - 1)}`;
    expect(read(books(100))).toMatchObject({ book: { sequel: {} } });
    expect(read(books(101))).toEqual([expect.stringMatching(/is nested too deeply$/)]);
  });

  it('has no way into a prototype', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      expect(read(`{"${name}":{"shelf":"a"}}`)).toEqual([`#/${name} is not a known field`]);
      const inside = `{"${name}":{"polluted":true}}`;
      expect(JSON.stringify(read(`{"book":{"extra":${inside}}}`))).toBe(`{"book":{"extra":${inside}}}`);
      expect(JSON.stringify(read(`{"book":{"translations":{"${name}":{"name":"x"}}}}`))).toBe(
        `{"book":{"translations":{"${name}":{"name":"x"}}}}`,
      );
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps the sign of nothing where protobuf has one', () => {
    expect(read('{"book":{"rating":-0,"pageCount":-0,"sold":"-0"}}')).toEqual({ book: { rating: -0 } });
  });

  it('is right about keys that JSON.parse confuses', () => {
    // Node 24.21 and 26.10 read the second text's key as the first one's: a cached key of one character that had an escape.
    const keys = [
      ['{"a":1,"\\\\":2}', '\\'],
      ['{"a":1,"\\"":2}', '"'],
      ['{"a":1,"\\u0001":2}', '\u0001'],
      ['{"a":1,"\\n":2}', '\n'],
    ] as const;
    for (const [text, key] of [...keys, ...keys]) {
      JSON.parse(text);
      expect(read(`{"book":{"extra":${text}}}`)).toEqual({ book: { extra: { a: 1, [key]: 2 } } });
      // With a mistake beside it, which makes it read the other way.
      expect(read(`{"book":{"extra":${text},"name":1,${text.slice(7)}}`)).toEqual([
        '#/book/name must be a text',
        `#/book/${encodeURIComponent(key)} is not a known field`,
      ]);
    }
  });
});
