import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Basics } from '@trellis/service-defaults';
import { CredentialsFile } from './credentials-file.js';
import { Registry } from './registry.js';
import { RegistryGrpc } from './registry.grpc.js';
import { RegistryLife } from './registry-life.js';

@Module({})
export class RegistryModule {
  static of({ identity, logger }: Basics, credentialsFile: string): DynamicModule {
    const registry = new Registry({ epoch: randomUUID(), logger });
    const credentials = new CredentialsFile(credentialsFile, logger);
    return {
      module: RegistryModule,
      controllers: [RegistryGrpc],
      providers: [
        { provide: Registry, useValue: registry },
        { provide: CredentialsFile, useValue: credentials },
        { provide: RegistryLife, useValue: new RegistryLife(registry, credentials, identity) },
      ],
    };
  }
}
