import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { createLogger, metricName } from '@trellis/telemetry';
import { recordMetrics } from '@trellis/telemetry/testing';
import { Registry } from './registry.js';
import { measureRegistry } from './registry-metrics.js';

describe('the metrics of the registry', () => {
  it('count instances by service and state, down to none, and the streams that are open', async () => {
    const points = recordMetrics();
    const registry = new Registry({
      epoch: 'e',
      logger: createLogger({ name: 'registry', level: 'silent' }),
      now: () => 0,
    });
    measureRegistry(registry);
    const instances = async () =>
      Object.fromEntries(
        (await points(metricName.registryInstances)).map(({ attributes, value }) => [
          Object.values(attributes).join(' '),
          value,
        ]),
      );
    const streams = async () => (await points(metricName.registryStreams)).map(({ value }) => value);

    const session = registry.openSession('blog', () => undefined);
    const instance = create(InstanceSchema, {
      id: 'blog-1',
      service: 'blog',
      address: '127.0.0.1:1',
      state: State.SERVING,
    });
    registry.apply({ kind: 'announce', session: session.id, instance });
    const unwatch = registry.watch('gateway', { write: () => true, onDrain: () => undefined }, {});
    expect(await instances()).toMatchObject({ 'blog SERVING': 1, 'blog DRAINING': 0, 'blog SUSPECT': 0 });
    expect(await streams()).toEqual([1, 1]);
    registry.apply({ kind: 'beat', session: session.id, state: State.DRAINING });
    expect(await instances()).toMatchObject({ 'blog SERVING': 0, 'blog DRAINING': 1 });
    registry.apply({ kind: 'leave', session: session.id });
    session.close();
    unwatch();
    expect(await instances()).toMatchObject({ 'blog SERVING': 0, 'blog DRAINING': 0 });
    expect(await streams()).toEqual([0, 0]);
    expect(await points(metricName.registryPreserved)).toEqual([
      { attributes: { 'trellis.service': 'blog' }, value: 0 },
    ]);
    registry.stop();
  });
});
