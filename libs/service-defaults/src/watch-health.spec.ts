import { describe, expect, it } from '@jest/globals';
import { ManualDirectory } from '@trellis/discovery/testing';
import { HealthChecks } from './health-checks.js';
import { watchHealth } from './watch-health.js';

describe('watchHealth', () => {
  it('shows a registry that is away, and stays ready without it', async () => {
    const directory = new ManualDirectory();
    const health = new HealthChecks();
    watchHealth(directory, health);
    expect(await health.run()).toEqual({ ok: true, checks: { registry: 'ok' } });
    directory.source = 'cache';
    expect(await health.run()).toEqual({ ok: true, checks: { registry: 'failed' } });
  });
});
