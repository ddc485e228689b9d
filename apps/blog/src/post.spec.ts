import { describe, expect, it } from '@jest/globals';
import { Code } from '@trellis/errors';
import fc from 'fast-check';
import { type Post, checkAuthor, checkChanges, checkEtag, etagOf } from './post.js';

const post: Post = {
  id: '0194e0a0-0000-7000-8000-000000000000',
  title: 'Hello',
  content: 'World',
  authorId: 'ada',
  version: 3,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

describe('the etag of a post', () => {
  it('differs between any two versions', () => {
    const version = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(version, version, (one, other) => {
        expect(etagOf({ version: one }) === etagOf({ version: other })).toBe(one === other);
      }),
    );
  });

  it('lets the change of the version that was read pass, and one that asks for no protection', () => {
    expect(() => checkEtag(post, etagOf(post))).not.toThrow();
    expect(() => checkEtag(post, '')).not.toThrow();
  });

  it('refuses the change of any other version, and made-up text', () => {
    for (const etag of [etagOf({ version: 2 }), 'nonsense']) {
      expect(() => checkEtag(post, etag)).toThrow(
        expect.objectContaining({ code: Code.ABORTED, reason: 'ETAG_STALE' }),
      );
    }
  });
});

describe('a change of a post', () => {
  it('is for its author alone', () => {
    expect(() => checkAuthor(post, 'ada')).not.toThrow();
    expect(() => checkAuthor(post, 'bob')).toThrow(
      expect.objectContaining({ code: Code.PERMISSION_DENIED, reason: 'NOT_THE_AUTHOR' }),
    );
  });

  it('may not leave it without a title or content', () => {
    expect(() => checkChanges({ title: 'New' })).not.toThrow();
    expect(() => checkChanges({ title: '', content: '' })).toThrow(
      expect.objectContaining({
        code: Code.INVALID_ARGUMENT,
        violations: [
          expect.objectContaining({ field: 'post.title' }),
          expect.objectContaining({ field: 'post.content' }),
        ],
      }),
    );
  });
});
