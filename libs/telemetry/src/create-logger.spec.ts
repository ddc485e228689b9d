import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from './create-logger.js';
import { inSpan } from './in-span.js';
import { currentTraceId } from './propagation.js';
import { recordSpans } from './testing.js';

const lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };

afterEach(() => {
  lines.length = 0;
});

describe('a logger without the preload', () => {
  it('writes JSON with name, level and time, and no trace', () => {
    createLogger({ name: 'blog' }, destination).info({ port: 1 }, 'bound');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        pid: process.pid,
        name: 'blog',
        port: 1,
        msg: 'bound',
      },
    ]);
  });

  it('writes nothing below its level', () => {
    createLogger({ name: 'blog', level: 'warn' }, destination).info('bound');
    expect(lines).toEqual([]);
  });
});

describe('a logger', () => {
  it('names the trace and the span that a line belongs to', async () => {
    recordSpans();
    const logger = createLogger({ name: 'blog' }, destination);
    await inSpan('work', {}, async (span) => {
      logger.info('within');
      expect(lines[0]).toMatchObject({ trace_id: currentTraceId(), span_id: span.spanContext().spanId });
    });
  });

  it('hides secrets in fields, in errors and in what its children carry', () => {
    const logger = createLogger({ name: 'blog' }, destination);
    const child = logger.child({ token: 'hunter2', headers: { cookie: 'hunter2' } }).child({ credential: 'hunter2' });
    child.info({
      err: Object.assign(new Error('refused'), { password: 'hunter2' }),
      request: { authorization: 'hunter2' },
    });
    child.error(Object.assign(new Error('refused'), { client_secret: 'hunter2' }));
    child.warn({ err: new Error('no postgres://blog:hunter2@db') }, 'tried postgres://blog:hunter2@db');
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'refused', password: '[redacted]' } });
  });
});
