import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ApproveContractResponseSchema, DrainInstanceRequest, Instance } from '@trellis/contracts/registry/v1';
import { notFound } from '@trellis/errors';
import type { Logger } from '@trellis/telemetry';
import type { ContractGate } from './contract/contract-gate.js';
import { summaries } from './contract/contract-summary.js';
import type { Registry } from './registry.js';

/** What an operator changes by hand. Whoever calls has been asked for the scope before. */
export class Operator {
  readonly #registry: Registry;
  readonly #gate: ContractGate;
  readonly #logger: Logger;

  constructor(registry: Registry, gate: ContractGate, logger: Logger) {
    this.#registry = registry;
    this.#gate = gate;
    this.#logger = logger;
  }

  /** Takes the instance out of the rotation, or (`on` false) puts it back. Throws NOT_FOUND. */
  drain(
    { service, id }: Pick<DrainInstanceRequest, 'service' | 'id'>,
    on: boolean,
    by: string,
  ): { readonly instance: Instance | undefined } {
    const { catalogue } = this.#registry;
    if (catalogue.find(id)?.service !== service) {
      throw notFound(`${service} has no instance ${id}`, { reason: 'INSTANCE_NOT_FOUND' });
    }
    this.#registry.apply({ kind: 'drain', id, on });
    this.#logger.info({ service, instance: id, by }, on ? 'drained by an operator' : 'put back by an operator');
    return { instance: catalogue.find(id) };
  }

  /**
   * Admits a contract that waits, and whenever it comes again. Throws NOT_FOUND, and FAILED_PRECONDITION with reason
   * ROUTE_TAKEN when a service has got one of its routes meanwhile.
   */
  approve(hash: string, by: string): MessageInitShape<typeof ApproveContractResponseSchema> {
    const { catalogue } = this.#registry;
    const holders = catalogue.list().filter(({ contractHash }) => contractHash === hash);
    if (holders.length === 0) {
      throw notFound('No listed instance has this contract', { reason: 'CONTRACT_NOT_FOUND' });
    }
    for (const holder of holders) {
      if (catalogue.pending(holder.id).length > 0) this.#gate.requireFreeRoutes(holder);
    }
    this.#registry.apply({ kind: 'approve', hash });
    this.#logger.info({ contract: hash, service: holders[0]?.service, by }, 'contract approved by an operator');
    const [contract] = summaries(catalogue, this.#gate, ({ contractHash }) => contractHash === hash);
    return { contract };
  }
}
