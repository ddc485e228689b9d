import { createHash } from 'node:crypto';
import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from '@trellis/contracts';
import type { AnnounceSchema, ProbeSchema } from '@trellis/contracts/registry/v1';
import type { AnnouncedInstance, OwnState, Probe } from './announcement.js';
import { protocolNumber, stateNumber } from './instance-message.js';

/** What an instance says first on each of its streams. The contract is put together once. */
export class AnnounceMessage {
  /** SHA-256 of the contract in hex; empty when there is none. */
  readonly contractHash: string;
  readonly #contract: Uint8Array<ArrayBuffer>;
  readonly #instance: AnnouncedInstance;
  readonly #services: readonly DescService[];

  constructor(instance: AnnouncedInstance, services: readonly DescService[] = []) {
    this.#instance = instance;
    this.#services = services;
    this.#contract = services.length > 0 ? new Uint8Array(descriptorSet(services)) : new Uint8Array();
    this.contractHash = services.length > 0 ? createHash('sha256').update(this.#contract).digest('hex') : '';
  }

  /** `whole`: with the contract itself, and not its hash alone. */
  message(state: OwnState, whole: boolean): MessageInitShape<typeof AnnounceSchema> {
    const { probe, tags = [], protocol, metadata, ...rest } = this.#instance;
    return {
      instance: {
        ...rest,
        protocol: protocolNumber(protocol),
        state: stateNumber(state),
        metadata: { ...metadata, pid: String(process.pid), start_time: PROCESS_START },
        tags: [...tags],
        grpcServices: this.#services.map(({ typeName }) => typeName),
        ...(probe && { probe: probeMessage(probe) }),
        contractHash: this.contractHash,
      },
      ...(whole && { descriptorSet: this.#contract }),
    };
  }
}

const probeMessage = ({ path, intervalMs, timeoutMs }: Probe): MessageInitShape<typeof ProbeSchema> => ({
  ...(path !== undefined && { path }),
  ...(intervalMs !== undefined && { interval: durationFromMs(intervalMs) }),
  ...(timeoutMs !== undefined && { timeout: durationFromMs(timeoutMs) }),
});

/** The same in every announcement: a difference of a millisecond would be a change that every watcher is told of. */
const PROCESS_START = new Date(performance.timeOrigin).toISOString();
