import { describe, expect, it } from '@jest/globals';
import { serviceColours } from './page.js';
import { kindOf, shortName, spanNotes } from './span-notes.js';
import { spanWith } from './spans.testing.js';

const tags = (given: Record<string, string | number>) =>
  Object.entries(given).map(([key, value]) => ({ key, type: 'string', value }) as const);
const notes = (given: Parameters<typeof spanWith>[0]): string =>
  spanNotes(spanWith(given))
    .text.replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('the notes in a row of the waterfall', () => {
  it('are none for a span that nothing is special about', () => {
    expect(notes({})).toBe('');
    expect(kindOf(spanWith({}))).toBe('internal');
  });

  it('tell of an attempt whom it asked, its number and how it failed', () => {
    const attempt = { 'trellis.instance': 'blog-2', 'trellis.attempt': 2, 'error.type': 'UNAVAILABLE' };
    expect(notes({ tags: [...tags(attempt), { key: 'error', type: 'bool', value: true }] })).toBe(
      '→ blog-2 attempt 2 UNAVAILABLE',
    );
  });

  it('tell of links and fallbacks', () => {
    const references = [{ refType: 'FOLLOWS_FROM', traceID: 'f'.repeat(32), spanID: 'e'.repeat(16) }] as const;
    expect(notes({ references, tags: tags({ 'trellis.fallback': 'backup' }) })).toBe('fallback: backup 1 link');
  });

  it('stand beside a name that is short', () => {
    expect(shortName('trellis.blog.v1.BlogService/GetPost')).toBe('BlogService/GetPost');
    expect(shortName('GET /v1/posts/{id}')).toBe('GET /v1/posts/{id}');
    expect(shortName('send trellis.blog.v1')).toBe('send trellis.blog.v1');
  });

  it('show what is foreign as text', () => {
    expect(spanNotes(spanWith({ tags: tags({ 'trellis.instance': '<script>' }) })).text).toContain('&lt;script&gt;');
  });
});

describe('the colours of services', () => {
  it('are the same on every page, whoever comes first, and differ while there are enough', () => {
    const [one, other] = [serviceColours(), serviceColours()];
    const names = ['gateway', 'blog', 'user', 'auth', 'registry'];
    const colours = names.map(one);
    expect(new Set(colours).size).toBe(names.length);
    expect(names.toReversed().map(other).toReversed()).toEqual(colours);
    expect(new Set(Array.from({ length: 20 }, (_, n) => one(`service-${n}`))).size).toBe(8);
  });
});
