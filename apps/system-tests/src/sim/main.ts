import 'reflect-metadata';
import { startService } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { readConfig } from './config.js';
import { SimModule } from './sim.grpc.js';
import { simContract } from './sim-contract.js';

const config = readConfig();
const service = simContract(config.SIM_CONTRACT, config.SIM_SERVICE);

await startService({
  name: config.SIM_SERVICE,
  module: (platform) => SimModule.with(service, config, platform),
  services: [service],
  config,
  logger: createLogger({ name: config.SIM_SERVICE, level: config.LOG_LEVEL }),
});
