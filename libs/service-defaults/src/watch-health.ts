import type { Directory } from '@trellis/discovery';
import { meter } from '@trellis/telemetry';
import type { HealthChecks } from './health-checks.js';

/** Shows what the list of instances is worth. A registry that is away keeps no calls away: the last good list stays. */
export function watchHealth(directory: Directory, health: HealthChecks): void {
  health.add(
    'registry',
    async () => {
      if (directory.status().connectedSince === undefined) throw new Error('The registry is away');
    },
    { required: false },
  );
  const gauge = (name: string, description: string, read: () => number) =>
    meter()
      .createObservableGauge(name, { description })
      .addCallback((result) => result.observe(read()));
  gauge('trellis.discovery.connected', '1 while the registry is followed, else 0', () =>
    directory.status().connectedSince === undefined ? 0 : 1,
  );
  gauge('trellis.discovery.instances', 'Instances that this process knows', () => directory.status().instances);
  gauge(
    'trellis.discovery.unconfirmed',
    'Those of them that the followed registry has not listed',
    () => directory.status().unconfirmed,
  );
}
