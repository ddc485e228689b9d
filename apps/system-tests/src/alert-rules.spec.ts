import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { deploymentFile } from './real-prometheus.js';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: unknown }[];
  }[];
}

const { groups } = parse(deploymentFile('prometheus-rules.yaml')) as Rules;
const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? [])).sort();

describe('every alert', () => {
  it('has a paragraph in the runbook, and no paragraph is left over', () => {
    const headings = [...deploymentFile('RUNBOOK.md').matchAll(/^## (\w+)\n\S/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(alerts);
  });

  it('fires in a test for promtool', () => {
    const { tests } = parse(deploymentFile('prometheus-rules.test.yaml')) as RuleTests;
    const fired = tests.flatMap(({ alert_rule_test: cases }) =>
      cases.flatMap(({ alertname, exp_alerts: expected }) => (expected === undefined ? [] : alertname)),
    );
    expect([...new Set(fired)].sort()).toEqual(alerts);
  });

  it('is fired by breaking something: see alerts.real.ts', async () => {
    const { BREAKS } = await import('./alert-breaks.js');
    expect(BREAKS.flatMap(({ fires }) => fires).sort()).toEqual(alerts);
  });
});
