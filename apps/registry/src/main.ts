import 'reflect-metadata';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { EventStreams } from './http/event-streams.js';
import { Registry } from './registry.js';
import { RegistryGrpc } from './registry.grpc.js';
import { registryHttp } from './registry.http.js';
import { RegistryModule } from './registry.module.js';
import { tokenVerifier } from './credentials/token-verifier.js';

const config = readConfig();
const verifier = tokenVerifier(config);
const logger = createLogger({ name: 'registry', level: config.LOG_LEVEL });

await startService({
  name: 'registry',
  standalone: true,
  verifier,
  config,
  logger,
  services: [RegistryService],
  module: (basics) => RegistryModule.of(basics, config),
  http: {
    port: config.HTTP_PORT,
    variable: 'HTTP_PORT',
    server: (app, draining) => {
      const registry = app.get(Registry);
      const streams = new EventStreams({ registry, draining });
      return registryHttp({ registry, methods: app.get(RegistryGrpc), verifier, streams, logger });
    },
  },
});
