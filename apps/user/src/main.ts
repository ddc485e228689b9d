import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { UserService } from '@trellis/contracts/user/v1';
import { migrate } from '@trellis/database';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { UserModule } from './user.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const logger = createLogger({ name: 'user', level: config.LOG_LEVEL });

await migrate({
  url: config.DATABASE_URL,
  directory: fileURLToPath(new URL('../prisma/migrations', import.meta.url)),
  log: (line) => logger.info(line),
});
await startService({
  name: 'user',
  module: (platform) => UserModule.with(config, platform),
  services: [UserService],
  config,
  logger,
});
