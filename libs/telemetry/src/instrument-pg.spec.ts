import { describe, expect, it } from '@jest/globals';
import { describeQuery } from './instrument-pg.js';
import { tracer } from './in-span.js';
import { recordSpans } from './testing.js';

const spans = recordSpans();

/** As pg's instrumentation makes it: with the text as it is. */
function described(text: string, values?: readonly unknown[]) {
  spans.reset();
  const span = tracer().startSpan('pg.query:SELECT blog', { attributes: { 'db.query.text': text } });
  describeQuery(span, { text, ...(values && { values }) });
  span.end();
  const [{ name, attributes } = { name: '', attributes: {} }] = spans.getFinishedSpans();
  return { name, attributes };
}

describe('the span of a statement', () => {
  it('is named after what it does', () => {
    const text = 'INSERT INTO outbox (key) VALUES ($1)';
    expect(described(text, ['post-1'])).toEqual({
      name: 'INSERT outbox',
      attributes: { 'db.query.text': text, 'db.query.summary': 'INSERT outbox' },
    });
  });

  it('shows no value that is part of the text', () => {
    const { attributes } = described("UPDATE people SET password = 'hunter2' WHERE id = 7");
    expect(attributes['db.query.text']).toBe('UPDATE people SET password = ? WHERE id = ?');
  });
});
