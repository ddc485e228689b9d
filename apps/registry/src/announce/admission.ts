import { create } from '@bufbuild/protobuf';
import { type Announce, type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { alreadyExists, invalidArgument, permissionDenied } from '@trellis/errors';
import { parseAddress } from './address.js';
import type { Admitted } from './admitted.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { hashOf } from '../contract/contract.js';
import type { ContractGate } from '../contract/contract-gate.js';
import type { Grant } from '../credentials/credentials.js';
import { encoded } from '../catalogue/encoded.js';
import { checkShare } from './share.js';

/** Everybody who watches holds every entry: room for 32 labels and 100 methods of ordinary length. Without the contract. */
const MAX_ENTRY_BYTES = 16 * 1024;

/** Says who may be listed, and as what. */
export class Admission {
  readonly #catalogue: Catalogue;
  readonly #gate: ContractGate;

  constructor(catalogue: Catalogue, gate: ContractGate) {
    this.#catalogue = catalogue;
    this.#gate = gate;
  }

  /**
   * Checks what an instance says of itself against what its credential allows, against the one who has its id now and,
   * with its contract, against the contracts that are live. Its contract's hash and methods are not believed but computed.
   * The message's own rules are checked before. Throws ServiceError, with fields as Announce has them.
   */
  admit({ instance, descriptorSet }: Announce, grant: Grant): Admitted {
    if (!instance) throw invalid('instance', 'is missing');
    checkGrant(instance, grant);
    if (!parseAddress(instance.address)) {
      throw invalid(
        'instance.address',
        'must be host:port: a host name, an IPv4 address or an IPv6 address in brackets',
      );
    }
    const holder = this.#catalogue.find(instance.id);
    if (holder && holder.service !== instance.service) {
      throw alreadyExists(`The id ${instance.id} belongs to an instance of another service`, { reason: 'ID_TAKEN' });
    }
    if (OURS.has(instance.state)) throw invalid('instance.state', 'is for the registry to say');
    const admitted = this.#withContract(instance, descriptorSet);
    if (encoded(admitted.instance).length > MAX_ENTRY_BYTES) {
      throw invalid('instance', `is larger than ${MAX_ENTRY_BYTES} bytes, its methods included`);
    }
    checkShare(admitted, this.#catalogue);
    return admitted;
  }

  #withContract(said: Instance, descriptorSet: Uint8Array): Admitted {
    const state = said.state || State.SERVING;
    if (descriptorSet.length === 0) {
      const instance = create(InstanceSchema, { ...said, state, contractHash: '', grpcMethods: [] });
      return { instance, pending: [] };
    }
    const contractHash = hashOf(descriptorSet);
    const { contract, pending } = this.#gate.judge({ ...said, contractHash }, descriptorSet);
    const grpcMethods = [...contract.methods.keys()];
    return {
      instance: create(InstanceSchema, { ...said, state, contractHash, grpcMethods }),
      contract: descriptorSet,
      pending,
    };
  }
}

/** What an instance cannot say of itself. */
const OURS: ReadonlySet<State> = new Set([State.SUSPECT, State.PENDING]);

function checkGrant({ service, grpcServices }: Instance, grant: Grant): void {
  if (service !== grant.service) {
    throw permissionDenied(`This credential announces ${grant.service} and nothing else`, {
      reason: 'SERVICE_NOT_YOURS',
      metadata: { service },
    });
  }
  const stranger = grpcServices.find((name) => !grant.packages.some((own) => name.startsWith(`${own}.`)));
  if (stranger !== undefined) {
    throw permissionDenied(`${stranger} lies outside of the packages of ${grant.service}`, {
      reason: 'PACKAGE_NOT_YOURS',
      metadata: { service: stranger },
    });
  }
}

const invalid = (field: string, description: string) => invalidArgument([{ field, description }]);
