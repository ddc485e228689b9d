import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthChecks } from './health-checks.js';
import { type Basics, DIRECTORY, LOGGER, type Platform, RPC } from './platform.js';
import { ServiceIdentity } from './service-identity.js';

@Module({})
class PlatformModule {}

@Module({})
class ServiceModule {}

/** The app's module, with what every module may inject. */
export function serviceModule(parts: Basics | Platform, app: Type | DynamicModule): DynamicModule {
  const providers = [
    { provide: ServiceIdentity, useValue: parts.identity },
    { provide: HealthChecks, useValue: parts.health },
    { provide: LOGGER, useValue: parts.logger },
    ...('rpc' in parts
      ? [
          { provide: DIRECTORY, useValue: parts.directory },
          { provide: RPC, useValue: parts.rpc },
        ]
      : []),
  ];
  const platform: DynamicModule = {
    module: PlatformModule,
    global: true,
    imports: [DiscoveryModule],
    providers,
    exports: [DiscoveryModule, ...providers.map(({ provide }) => provide)],
  };
  return { module: ServiceModule, imports: [platform, app] };
}
