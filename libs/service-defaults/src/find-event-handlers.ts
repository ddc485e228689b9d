import { type DiscoveryService } from '@nestjs/core';
import { type EventHandler, type SqlTransaction, eventHandlers } from '@trellis/events';

/** Every method of a provider or controller that is decorated with `@OnEvent`. Nest's DiscoveryService is injectable. */
export function findEventHandlers<Tx extends SqlTransaction>(discovery: DiscoveryService): EventHandler<Tx>[] {
  const instances = [...discovery.getProviders(), ...discovery.getControllers()].map(
    (wrapper): unknown => wrapper.instance,
  );
  const objects = new Set(instances.filter((instance): instance is object => isObject(instance)));
  return [...objects].flatMap((object) => eventHandlers<Tx>(object));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
