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
  return spans.getFinishedSpans()[0];
}

describe('the span of a statement', () => {
  it('is named after what it does', () => {
    const text = 'INSERT INTO outbox (key) VALUES ($1)';
    expect(described(text, ['post-1'])).toMatchObject({
      name: 'INSERT outbox',
      attributes: { 'db.query.text': text, 'db.query.summary': 'INSERT outbox' },
    });
  });

  it('shows no value that is part of the text', () => {
    const span = described("UPDATE people SET password = 'hunter2' WHERE id = 7");
    expect(span?.attributes['db.query.text']).toBe('UPDATE people SET password = ? WHERE id = ?');
  });
});
