import { describe, expect, it } from '@jest/globals';
import { querySummary, withoutLiterals } from './query-summary.js';

describe('the summary of a statement', () => {
  it.each([
    ['INSERT INTO outbox (event_id) VALUES ($1)', 'INSERT outbox'],
    ['INSERT INTO "public"."Post" ("id") VALUES ($1) RETURNING "public"."Post"."id"', 'INSERT Post'],
    ['SELECT a.id FROM "blog"."Post" AS a LEFT JOIN "User" u ON u.id = a.author', 'SELECT blog.Post User'],
    ['UPDATE "public"."Post" SET "title" = $1 WHERE id = $2', 'UPDATE Post'],
    ['delete from only outbox where id = ANY($1)', 'DELETE outbox'],
    ['SELECT shard FROM unnest($2::int[]) AS shard', 'SELECT'],
    ['/* who */ SELECT 1', 'SELECT'],
    ['INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO UPDATE SET b = $1', 'INSERT a'],
    ['SELECT b FROM a FOR UPDATE SKIP LOCKED', 'SELECT a'],
    ['BEGIN', 'BEGIN'],
    ['', 'SQL'],
  ])('of %s', (text, summary) => {
    expect(querySummary(text)).toBe(summary);
    expect(querySummary(text)).toBe(summary); // and the second time
  });

  it('has its limit, and so has what is remembered', () => {
    const joins = Array.from({ length: 100 }, (_, n) => `JOIN table_${n} USING (id)`).join(' ');
    expect(querySummary(`SELECT FROM a ${joins}`)).toHaveLength(255);
    for (let n = 0; n < 2_000; n++) expect(querySummary(`SELECT ${n} FROM a`)).toBe('SELECT a');
  });
});

describe('a statement without its literals', () => {
  it.each([
    ["SELECT * FROM people WHERE name = 'O''Hara' AND age > 42.5", 'SELECT * FROM people WHERE name = ? AND age > ?'],
    ['SELECT * FROM t1 WHERE id = $1', 'SELECT * FROM t1 WHERE id = $1'],
    ['SELECT "col 7" FROM t', 'SELECT "col 7" FROM t'],
    ['DO $x$ secret $x$', 'DO ?'],
    ['COMMIT', 'COMMIT'],
  ])('%s', (text, expected) => expect(withoutLiterals(text)).toBe(expected));
});
