import 'reflect-metadata';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { Provider } from 'oidc-provider';
import { AuthModule } from './auth.module.js';
import { readConfig } from './config.js';
import { httpServer } from './http-server.js';

const config = readConfig();
const name = 'auth';
await startService({
  name,
  config,
  logger: createLogger({ name, level: config.LOG_LEVEL }),
  module: () => AuthModule.with(config),
  http: { port: config.HTTP_PORT, variable: 'HTTP_PORT', server: (app) => httpServer(app.get(Provider)) },
});
