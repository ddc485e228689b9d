import 'reflect-metadata';
import { BlogService } from '@trellis/contracts/blog/v1';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { BlogModule } from './blog.module.js';
import { readConfig } from './config.js';

const config = readConfig();
const logger = createLogger({ name: 'blog', level: config.LOG_LEVEL });

await startService({
  name: 'blog',
  module: (platform) => BlogModule.with(config, platform),
  services: [BlogService],
  config,
  logger,
});
