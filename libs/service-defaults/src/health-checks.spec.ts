import { describe, expect, it } from '@jest/globals';
import { HealthChecks } from './health-checks.js';

describe('HealthChecks', () => {
  it('are fine when there are none', async () => {
    expect(await new HealthChecks().run()).toEqual({ ok: true, checks: {} });
  });

  it('name the one that failed, without its reason: that may hold an address or a password', async () => {
    const health = new HealthChecks();
    health.add('database', () => Promise.reject(new Error('password=hunter2')));
    health.add('kafka', async () => undefined);
    expect(await health.run()).toEqual({ ok: false, checks: { database: 'failed', kafka: 'ok' } });
  });

  it('show one that is not required and keep no calls away for it', async () => {
    const health = new HealthChecks();
    health.add('kafka', () => Promise.reject(new Error('down')), { required: false });
    expect(await health.run()).toEqual({ ok: true, checks: { kafka: 'failed' } });
  });

  it('take one that throws at once for failed', async () => {
    const health = new HealthChecks();
    health.add('database', () => {
      throw new Error('not connected');
    });
    expect(await health.run()).toEqual({ ok: false, checks: { database: 'failed' } });
  });

  it('log why one fails, and that it is fine again, once each', async () => {
    const lines: object[] = [];
    const note = (fields: object, message?: string): void => void lines.push({ ...fields, message });
    const health = new HealthChecks({ warn: note, info: note });
    const away = new Error('connection refused');
    let working = false;
    health.add('database', async () => {
      if (!working) throw away;
    });
    await health.run();
    await health.run();
    working = true;
    await health.run();
    await health.run();
    expect(lines).toEqual([
      { check: 'database', result: 'failed', err: away, message: 'a health check fails' },
      { check: 'database', message: 'a health check is fine again' },
    ]);
  });

  it('give up on a check that does not answer', async () => {
    const health = new HealthChecks(undefined, 20);
    health.add('database', () => new Promise(() => undefined));
    expect(await health.run()).toEqual({ ok: false, checks: { database: 'no answer within 20 ms' } });
  });
});
