import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import {
  type ListInstancesResponseSchema,
  type ListServicesResponseSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { notFound } from '@trellis/errors';
import type { Catalogue } from './catalogue.js';

/** Every service that was seen in this epoch, those without instances too: an operator wants to know of them. */
export function listServices(catalogue: Catalogue): MessageInitShape<typeof ListServicesResponseSchema> {
  const services = catalogue.services().map((name) => {
    const instances = catalogue.list(name);
    return {
      name,
      instances: instances.length,
      serving: instances.filter(({ state }) => state === State.SERVING).length,
      versions: distinct(instances.map(({ version }) => version)),
      grpcServices: distinct(instances.flatMap(({ grpcServices }) => grpcServices)),
    };
  });
  return { services };
}

/** Throws NOT_FOUND for a service that was never seen in this epoch. */
export function listInstances(
  catalogue: Catalogue,
  service: string,
): MessageInitShape<typeof ListInstancesResponseSchema> {
  if (!catalogue.services().includes(service)) {
    throw notFound(`No instance of ${service} has been seen`, { reason: 'SERVICE_NOT_FOUND' });
  }
  return { instances: catalogue.list(service), readTime: timestampNow() };
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
