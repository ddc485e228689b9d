import { toBinary } from '@bufbuild/protobuf';
import { type Instance, InstanceSchema } from '@trellis/contracts/registry/v1';

const known = new WeakMap<Instance, Uint8Array>();

/** The bytes of an instance, made once: it is written to every watcher, and again into every snapshot. */
export function encoded(instance: Instance): Uint8Array {
  const bytes = known.get(instance) ?? toBinary(InstanceSchema, instance);
  known.set(instance, bytes);
  return bytes;
}
