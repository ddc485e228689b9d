import { servicePolicy } from '@trellis/rpc';
import { z } from 'zod';
import { hostPort } from './kinds.js';

/** A service as the gateway calls it. */
export const upstream = servicePolicy.extend({
  addresses: z
    .array(hostPort)
    .min(1)
    .max(1_000)
    .refine((all) => new Set(all).size === all.length, 'one of them stands there twice')
    .optional()
    .describe('host:port of each, for what does not register. Without it the registry says who is there.'),
});

export type FileUpstream = z.output<typeof upstream>;
