import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import {
  type Instance,
  type ListInstancesRequest,
  type ListInstancesResponseSchema,
  type ListServicesResponseSchema,
  State,
} from '@trellis/contracts/registry/v1';
import { notFound } from '@trellis/errors';
import type { Catalogue } from './catalogue/catalogue.js';

/** Every service that was seen in this epoch, those without instances too: an operator wants to know of them. */
export function listServices(catalogue: Catalogue): MessageInitShape<typeof ListServicesResponseSchema> {
  const services = catalogue.services().map((name) => {
    const instances = catalogue.list(name);
    return {
      name,
      instances: instances.length,
      preserved: catalogue.preserved(name),
      serving: instances.filter(({ state }) => state === State.SERVING).length,
      versions: distinct(instances.map(({ version }) => version)),
      grpcServices: distinct(instances.flatMap(({ grpcServices }) => grpcServices)),
    };
  });
  return { services, epoch: catalogue.epoch, revision: catalogue.revision };
}

/** What `ListInstances` selects by; an absent or empty part selects everything. */
type Filter = Pick<ListInstancesRequest, 'service'> &
  Partial<Pick<ListInstancesRequest, 'version' | 'zone' | 'tag' | 'metadata'>>;

/** Throws NOT_FOUND for a service that was never seen in this epoch. */
export function listInstances(
  catalogue: Catalogue,
  filter: Filter,
): MessageInitShape<typeof ListInstancesResponseSchema> {
  const { service } = filter;
  if (!catalogue.services().includes(service)) {
    throw notFound(`No instance of ${service} has been seen: /v1/services lists those that have`, {
      reason: 'SERVICE_NOT_FOUND',
    });
  }
  return { instances: catalogue.list(service).filter(selects(filter)), readTime: timestampNow() };
}

function selects({ version, zone, tag = [], metadata = [] }: Filter): (instance: Instance) => boolean {
  const labels = metadata.map((label) => {
    const equals = label.indexOf('=');
    return [label.slice(0, equals), label.slice(equals + 1)] as const;
  });
  return (instance) =>
    (!version || instance.version === version) &&
    (!zone || instance.zone === zone) &&
    tag.every((each) => instance.tags.includes(each)) &&
    labels.every(([key, value]) => Object.hasOwn(instance.metadata, key) && instance.metadata[key] === value);
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
