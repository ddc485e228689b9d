import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Basics } from '@trellis/service-defaults';
import { Admission } from './announce/admission.js';
import type { RegistryConfig } from './config.js';
import { ContractGate } from './contract/contract-gate.js';
import { CredentialsFile } from './credentials/credentials-file.js';
import { Operator } from './operator.js';
import { Prober } from './probe/prober.js';
import { Registrar } from './announce/registrar.js';
import { Registry } from './registry.js';
import { RegistryGrpc } from './registry.grpc.js';
import { RegistryLife } from './registry-life.js';
import { SnapshotFile } from './snapshot/snapshot-file.js';

@Module({})
export class RegistryModule {
  static of({ identity, logger }: Basics, config: RegistryConfig): DynamicModule {
    const path = config.REGISTRY_SNAPSHOT_FILE;
    const snapshot = path === undefined ? undefined : new SnapshotFile(path, logger);
    const registry = new Registry({ epoch: randomUUID(), logger, kept: snapshot?.read() });
    const credentials = new CredentialsFile(config.REGISTRY_CREDENTIALS_FILE, logger);
    const prober = new Prober({ registry });
    const gate = new ContractGate(registry);
    const admission = new Admission(registry.catalogue, gate);
    return {
      module: RegistryModule,
      controllers: [RegistryGrpc],
      providers: [
        { provide: Registry, useValue: registry },
        { provide: CredentialsFile, useValue: credentials },
        { provide: ContractGate, useValue: gate },
        { provide: Admission, useValue: admission },
        { provide: Registrar, useValue: new Registrar(registry, admission) },
        { provide: Operator, useValue: new Operator(registry, gate, logger) },
        { provide: RegistryLife, useValue: new RegistryLife({ registry, credentials, prober, snapshot, identity }) },
      ],
    };
  }
}
