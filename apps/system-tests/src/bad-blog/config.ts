import { commonEnv, loadConfig } from '@trellis/service-defaults';
import { z } from 'zod';

/** What every service reads, and nothing of blog's own. */
export const config = loadConfig(z.object(commonEnv), process.env);
