import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidRequest } from './invalid-request.js';
import { pointerTo } from './json-pointer.js';
import { shelf } from './shelf-contract.fixture.js';

const query = shelf({ pattern: { case: 'get', value: '/v1/books' } });
const body = shelf({ pattern: { case: 'post', value: '/v1/books' }, body: 'book' });

const text = fc.string({ unit: 'grapheme' });
const time = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** JSON of fields that a query can give as well. */
const leaves = {
  name: text,
  pageCount: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  sold: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  rating: fc.double({ noNaN: true, noDefaultInfinity: true }),
  inPrint: fc.boolean(),
  cover: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  genre: fc.constantFrom('CRIME', 'POETRY', 1),
  tags: fc.array(text, { minLength: 1, maxLength: 3 }),
  published: time,
  loan: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((seconds) => `${seconds}s`),
  readMask: fc.constantFrom('name', 'pageCount,sequel.name'),
  subtitle: text,
  signed: fc.boolean(),
  copyCount: fc.nat(),
  ISBN: text,
};
const flat = fc.record(leaves, { requiredKeys: [] });
const book = fc.record(
  {
    ...leaves,
    sequel: flat,
    related: fc.array(flat, { maxLength: 3 }),
    translations: fc.dictionary(text, flat, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);

type Json = Record<string, unknown>;

function parametersOf(json: Json, prefix: string): string[] {
  return Object.entries(json).flatMap(([key, value]) =>
    [value].flat().map((each) => `${prefix}${key}=${encodeURIComponent(String(each))}`),
  );
}

describe('a request', () => {
  it('means the same whether its fields come in the query or in the body', () => {
    fc.assert(
      fc.property(flat, flat, (outer, inner) => {
        const parameters = [...parametersOf(outer, 'book.'), ...parametersOf(inner, 'book.sequel.')];
        const hasInner = Object.keys(inner).length > 0;
        const asQuery = query(`GET /v1/books?${parameters.join('&')}`);
        const asBody = parameters.length > 0 ? { ...outer, ...(hasInner && { sequel: inner }) } : undefined;
        expect(asQuery).toEqual(body('POST /v1/books', asBody));
      }),
      { numRuns: 500 },
    );
  });

  it('has exactly the place named that is made wrong in it', () => {
    fc.assert(
      fc.property(book, fc.nat(), (json, choice) => {
        const places = placesIn(json, []);
        const place = places[choice % Math.max(1, places.length)];
        if (!place) return;
        const wrong = structuredClone(json) as Json;
        spoil(wrong, place);
        expect(() => body('POST /v1/books', wrong)).toThrow(InvalidRequest);
        try {
          body('POST /v1/books', wrong);
        } catch (error) {
          const errors = error instanceof InvalidRequest ? error.errors : [];
          expect(errors.map(({ pointer }) => pointer)).toEqual([pointerTo(place)]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Every place in the JSON, at any depth. */
function placesIn(json: unknown, path: (string | number)[]): (string | number)[][] {
  if (typeof json !== 'object' || json === null) return [];
  const entries = Array.isArray(json) ? [...json.entries()] : Object.entries(json);
  return entries.flatMap(([key, value]) => [[...path, key], ...placesIn(value, [...path, key])]);
}

/** A list is wrong in a place of every kind but in a list: there an object is. */
function spoil(json: unknown, [key = '', ...rest]: readonly (string | number)[]): void {
  const at = json as Record<string | number, unknown>;
  if (rest.length > 0) return spoil(at[key], rest);
  const value = Array.isArray(at[key]) ? { a: 1 } : ['wrong'];
  Object.defineProperty(at, key, { value, enumerable: true, writable: true, configurable: true });
}
