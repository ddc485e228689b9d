import { createHash } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { readDescriptorSet } from '@trellis/contracts';
import { type Announce, type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { alreadyExists, invalidArgument, permissionDenied } from '@trellis/errors';
import type { Grant } from './credentials.js';

/** Everybody who watches holds every entry: room for 32 labels of ordinary length. Bytes, without the contract. */
const MAX_ENTRY_BYTES = 16 * 1024;

export interface Admitted {
  readonly instance: Instance;
  readonly contract?: Uint8Array;
}

/**
 * Checks what an instance says of itself against what its credential allows and against the one who has its id now. What
 * the instance says about its contract's hash is not believed but computed. The message's own rules are checked before.
 */
export function admit({ instance, descriptorSet }: Announce, grant: Grant, holder: Instance | undefined): Admitted {
  if (!instance) throw invalid('instance', 'is missing');
  if (instance.service !== grant.service) {
    throw permissionDenied(`This credential announces ${grant.service} and nothing else`, {
      reason: 'SERVICE_NOT_YOURS',
      metadata: { service: instance.service },
    });
  }
  const stranger = instance.grpcServices.find((name) => !grant.packages.some((own) => name.startsWith(`${own}.`)));
  if (stranger !== undefined) {
    throw permissionDenied(`${stranger} lies outside of the packages of ${grant.service}`, {
      reason: 'PACKAGE_NOT_YOURS',
      metadata: { service: stranger },
    });
  }
  if (holder && holder.service !== instance.service) {
    throw alreadyExists(`The id ${instance.id} belongs to an instance of another service`, { reason: 'ID_TAKEN' });
  }
  if (instance.state === State.SUSPECT) throw invalid('instance.state', 'is for the registry to say');
  if (toBinary(InstanceSchema, instance).length > MAX_ENTRY_BYTES) {
    throw invalid('instance', `is larger than ${MAX_ENTRY_BYTES} bytes`);
  }
  const state = instance.state || State.SERVING;
  if (descriptorSet.length === 0) return { instance: create(InstanceSchema, { ...instance, state, contractHash: '' }) };

  requireServices(instance.grpcServices, descriptorSet);
  const contractHash = createHash('sha256').update(descriptorSet).digest('hex');
  return { instance: create(InstanceSchema, { ...instance, state, contractHash }), contract: descriptorSet };
}

function requireServices(names: readonly string[], descriptorSet: Uint8Array): void {
  const contract = readContract(descriptorSet);
  const absent = names.find((name) => contract.getService(name) === undefined);
  if (absent !== undefined) throw invalid('descriptor_set', `does not have the service ${absent}`);
}

function readContract(descriptorSet: Uint8Array) {
  try {
    return readDescriptorSet(descriptorSet);
  } catch (error) {
    throw invalid('descriptor_set', 'is no complete google.protobuf.FileDescriptorSet', error);
  }
}

const invalid = (field: string, description: string, cause?: unknown) =>
  invalidArgument([{ field: `announce.${field}`, description }], { cause });
