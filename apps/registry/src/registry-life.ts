import { create } from '@bufbuild/protobuf';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { InstanceSchema, Protocol, RegistryService, State } from '@trellis/contracts/registry/v1';
import type { ServiceIdentity } from '@trellis/service-defaults';
import type { CredentialsFile } from './credentials/credentials-file.js';
import type { Prober } from './probe/prober.js';
import { measureRegistry } from './registry-metrics.js';
import type { Registry } from './registry.js';
import type { SnapshotFile } from './snapshot/snapshot-file.js';

export interface RegistryParts {
  readonly registry: Registry;
  readonly credentials: CredentialsFile;
  readonly prober: Prober;
  readonly snapshot: SnapshotFile | undefined;
  readonly identity: ServiceIdentity;
}

/** Starts and stops what runs in the background, and lists the registry in its own catalogue. */
export class RegistryLife implements OnModuleInit, OnApplicationShutdown {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  onModuleInit(): void {
    const { registry, credentials, prober, snapshot, identity } = this.#parts;
    measureRegistry(registry);
    credentials.watch();
    prober.start();
    snapshot?.keep(() => registry.kept());
    registry.onChange(() => snapshot?.changed());
    registry.start();
    void identity.listening.then(({ grpc }) => this.#listItself(grpc ?? ''));
  }

  async onApplicationShutdown(): Promise<void> {
    const { registry, credentials, prober, snapshot } = this.#parts;
    prober.stop();
    registry.stop();
    credentials.close();
    await snapshot?.close();
  }

  /** Without its contract: a gateway makes public routes of what it finds there, and who is where is not for the public. */
  #listItself(address: string): void {
    const { instanceId: id, service, version, zone, metadata } = this.#parts.identity;
    const grpcServices = [RegistryService.typeName];
    this.#parts.registry.listItself(
      create(InstanceSchema, {
        ...{ id, service, version, zone, address, metadata, grpcServices },
        protocol: Protocol.GRPC,
        state: State.SERVING,
        weight: 100,
      }),
    );
  }
}
