import { describe, expect, it } from '@jest/globals';
import { promtool } from './real-prometheus.js';

describe('promtool', () => {
  it.each([
    ['takes the configuration', ['check', 'config', 'prometheus.yaml']],
    ['takes the rules', ['check', 'rules', '--lint-fatal', 'prometheus-rules.yaml']],
    ['sees each alert fire when it should, and no other time', ['test', 'rules', 'prometheus-rules.test.yaml']],
  ])('%s', (_, args) => {
    const { status, said } = promtool(...args);
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') });
  });
});
