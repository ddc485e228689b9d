import { expect, it } from '@jest/globals';
import { metricName } from '@trellis/telemetry';
import { recordMetrics } from '@trellis/telemetry/testing';
import { ManualClock } from '@trellis/testing';
import { RelayMetrics } from './relay-metrics.js';

it('the metrics of a relay tell what went out, and how long the oldest event waits, also while nobody can look', async () => {
  const points = recordMetrics();
  const clock = new ManualClock(0);
  const metrics = new RelayMetrics(clock.now);
  const told = async () => {
    const values: (number | undefined)[] = [];
    for (const name of ['outboxPending', 'outboxLag', 'outboxPublished', 'outboxFailures'] as const) {
      values.push((await points(metricName[name]))[0]?.value);
    }
    return values;
  };
  expect(await told()).toEqual([0, 0, 0, 0]);
  metrics.saw({ pending: 7, lag: 2 });
  metrics.failed();
  clock.advance(30_000);
  expect(await told()).toEqual([7, 32, 0, 1]);
  metrics.published(7);
  metrics.saw({ pending: 0, lag: 0 });
  clock.advance(30_000);
  expect(await told()).toEqual([0, 0, 7, 1]);
});
