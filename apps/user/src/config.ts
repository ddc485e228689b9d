import { addresses, commonEnv, databaseUrl, loadConfig } from '@trellis/service-defaults';
import { z } from 'zod';

const schema = z.object({ ...commonEnv, DATABASE_URL: databaseUrl, KAFKA_BROKERS: addresses });

export type UserConfig = Readonly<z.output<typeof schema>>;

export const readConfig = (): UserConfig => loadConfig(schema, process.env);
