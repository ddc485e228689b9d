import 'reflect-metadata';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { Registry } from './registry.js';
import { registryHttp } from './registry.http.js';
import { RegistryModule } from './registry.module.js';

const config = readConfig();
const logger = createLogger({ name: 'registry', level: config.LOG_LEVEL });

await startService({
  name: 'registry',
  standalone: true,
  config,
  logger,
  services: [RegistryService],
  module: (basics) => RegistryModule.of(basics, config.REGISTRY_CREDENTIALS_FILE),
  http: {
    port: config.HTTP_PORT,
    variable: 'HTTP_PORT',
    server: (app) => registryHttp(app.get(Registry).catalogue, logger),
  },
});
