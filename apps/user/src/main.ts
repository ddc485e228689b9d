import 'reflect-metadata';
import { UserService } from '@trellis/contracts/user/v1';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { UserModule } from './user.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const logger = createLogger({ name: 'user', level: config.LOG_LEVEL });

await startService({
  name: 'user',
  module: (platform) => UserModule.with(config, platform),
  services: [UserService],
  config,
  logger,
});
