import { commonEnv, loadConfig } from '@trellis/service-defaults';
import { z } from 'zod';
import { SIM_CONTRACTS } from './sim-contract.js';

const schema = z.object({
  ...commonEnv,
  /** Name under which it registers. */
  SIM_SERVICE: z.string().default('sim'),
  SIM_CONTRACT: z.enum(SIM_CONTRACTS).default('plain'),
});

export type SimConfig = Readonly<z.output<typeof schema>>;

export const readConfig = (): SimConfig => loadConfig(schema, process.env);
