import { addresses, commonEnv, databaseUrl, loadConfig } from '@trellis/service-defaults';
import { z } from 'zod';

const schema = z.object({ ...commonEnv, DATABASE_URL: databaseUrl, KAFKA_BROKERS: addresses });

export type BlogConfig = Readonly<z.output<typeof schema>>;

export const readConfig = (): BlogConfig => loadConfig(schema, process.env);
