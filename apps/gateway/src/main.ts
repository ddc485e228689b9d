import 'reflect-metadata';
import type { Server } from 'node:http';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { DATA_PLANE, GatewayModule } from './gateway.module.js';

const config = readConfig();

await startService({
  name: 'gateway',
  config,
  logger: createLogger({ name: 'gateway', level: config.LOG_LEVEL }),
  module: () => GatewayModule.for(config),
  http: { port: config.PORT, variable: 'PORT', server: (app) => app.get<Server>(DATA_PLANE) },
});
