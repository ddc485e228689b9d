import { State } from '@trellis/contracts/registry/v1';
import { attribute, meter, metricName } from '@trellis/telemetry';
import type { Registry } from './registry.js';

/** What operators see of the registry, read from it when somebody asks. */
export function measureRegistry(registry: Registry): void {
  const metrics = meter();
  metrics
    .createObservableGauge(metricName.registryInstances, { description: 'Listed instances' })
    .addCallback((result) => {
      for (const { service, state, count } of counted(registry)) {
        result.observe(count, { [attribute.service]: service, [attribute.instanceState]: state });
      }
    });
  metrics
    .createObservableGauge(metricName.registryStreams, { description: 'Sessions and watches that are open' })
    .addCallback((result) => {
      result.observe(registry.sessions, { [attribute.registryStream]: 'session' });
      result.observe(registry.watchers, { [attribute.registryStream]: 'watch' });
    });
  metrics
    .createObservableGauge(metricName.registryPreserved, {
      description: '1 while too many leases are silent to evict any',
    })
    .addCallback((result) => {
      for (const service of registry.catalogue.services()) {
        result.observe(registry.catalogue.preserved(service) ? 1 : 0, { [attribute.service]: service });
      }
    });
}

const STATES = [State.SERVING, State.NOT_SERVING, State.DRAINING, State.SUSPECT, State.PENDING].map(
  (state) => State[state],
);

/** Every state of every service that ever was, also with 0: what has gone is told of, or it would seem to be there still. */
function counted({ catalogue }: Registry): { service: string; state: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { service, state } of catalogue.unordered()) {
    const key = `${service} ${State[state]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return catalogue
    .services()
    .flatMap((service) => STATES.map((state) => ({ service, state, count: counts.get(`${service} ${state}`) ?? 0 })));
}
