import 'reflect-metadata';
import { withFixedHosts } from '@trellis/discovery';
import { type AdminPages, startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { createDataPlane } from './data-plane/data-plane.js';
import type { Gateway } from './data-plane/gateway.js';
import { ADMIN_PAGES, GATEWAY, GatewayModule } from './gateway.module.js';

const config = readConfig();

await startService({
  name: 'gateway',
  config,
  logger: createLogger({ name: 'gateway', level: config.LOG_LEVEL }),
  module: () => GatewayModule.for(config),
  directory: withFixedHosts,
  admin: (app) => app.get<AdminPages>(ADMIN_PAGES),
  http: {
    port: config.PORT,
    variable: 'PORT',
    server: (app, draining) => createDataPlane(app.get<Gateway>(GATEWAY), draining),
  },
});
