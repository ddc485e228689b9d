import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { BlogService } from '@trellis/contracts/blog/v1';
import { migrate } from '@trellis/database';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { BlogModule } from './blog.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const logger = createLogger({ name: 'blog', level: config.LOG_LEVEL });

await migrate({
  url: config.DATABASE_URL,
  directory: fileURLToPath(new URL('../prisma/migrations', import.meta.url)),
  log: (line) => logger.info(line),
});
await startService({
  name: 'blog',
  module: (platform) => BlogModule.with(config, platform),
  services: [BlogService],
  config,
  logger,
});
