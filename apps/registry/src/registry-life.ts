import { create } from '@bufbuild/protobuf';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { InstanceSchema, Protocol, RegistryService, State } from '@trellis/contracts/registry/v1';
import type { ServiceIdentity } from '@trellis/service-defaults';
import type { CredentialsFile } from './credentials-file.js';
import type { Registry } from './registry.js';

/** Starts and stops what runs in the background, and lists the registry in its own catalogue. */
export class RegistryLife implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly registry: Registry,
    private readonly credentials: CredentialsFile,
    private readonly identity: ServiceIdentity,
  ) {}

  onModuleInit(): void {
    this.credentials.watch();
    this.registry.start();
    void this.identity.listening.then(({ grpc }) => this.#listItself(grpc ?? ''));
  }

  onApplicationShutdown(): void {
    this.registry.stop();
    this.credentials.close();
  }

  /** Without its contract: a gateway makes public routes of what it finds there, and who is where is not for the public. */
  #listItself(address: string): void {
    const { instanceId: id, service, version, zone, metadata } = this.identity;
    const grpcServices = [RegistryService.typeName];
    this.registry.listItself(
      create(InstanceSchema, {
        ...{ id, service, version, zone, address, metadata, grpcServices },
        protocol: Protocol.GRPC,
        state: State.SERVING,
        weight: 100,
      }),
    );
  }
}
