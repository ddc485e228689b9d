import { describe, expect, it } from '@jest/globals';
import { ServiceError } from '@trellis/errors';
import fc from 'fast-check';
import { pageToken, readPageToken } from './page-token.js';

const refusal = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof ServiceError
      ? { code: error.code, fields: error.violations.map(({ field }) => field) }
      : error;
  }
};
const INVALID_PAGE_TOKEN = { code: 3, fields: ['page_token'] };

describe('page tokens', () => {
  it('give back the id that they were made of, for any filter', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (id, filter) => {
        expect(readPageToken(pageToken(id, filter), filter)).toBe(id);
      }),
    );
  });

  it('are readable in a URL as they are', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (id, filter) => expect(pageToken(id, filter)).toMatch(/^[A-Za-z0-9_-]+$/)),
    );
  });

  it('have none for the first page', () => {
    expect(readPageToken('', 'author')).toBeUndefined();
  });

  it('do not continue a list with another filter', () => {
    const token = pageToken('0194e0a0-0000-7000-8000-000000000000', 'ada');
    expect(refusal(() => readPageToken(token, 'bob'))).toEqual(INVALID_PAGE_TOKEN);
    expect(refusal(() => readPageToken(token))).toEqual(INVALID_PAGE_TOKEN);
  });

  it('are refused whatever else they are', () => {
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const id = '0194e0a0-0000-7000-8000-000000000000';
    const list = [
      'x',
      '%%%',
      'null',
      forged(null),
      forged([]),
      forged([1, '']),
      forged(["' OR 1=1", '']),
      forged([id]),
    ];
    for (const token of list) expect(refusal(() => readPageToken(token))).toEqual(INVALID_PAGE_TOKEN);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (token) =>
        expect(refusal(() => readPageToken(token))).toEqual(INVALID_PAGE_TOKEN),
      ),
    );
  });
});
