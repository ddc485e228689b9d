import { duration } from '@trellis/config-file';
import { servicePolicy } from '@trellis/rpc';
import { z } from 'zod';
import { hostPort } from './kinds.js';

const health = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[\x21-\x7e]*$/, 'a path begins with "/"')
      .default('/health')
      .describe('What is asked for.'),
    interval: duration.default(10_000).describe('Time between two questions: 1s'),
    timeout: duration.default(1_000).describe('An answer that takes longer is a bad one.'),
    healthy: z.int().min(1).max(100).default(2).describe('Good answers in a row that put an address in again.'),
    unhealthy: z.int().min(1).max(100).default(3).describe('Bad answers in a row that put an address out.'),
  })
  .describe('How the gateway itself looks whether an address is well, besides what calls tell.');

/** A service as the gateway calls it. */
export const upstream = servicePolicy.extend({
  addresses: z
    .array(hostPort)
    .min(1)
    .max(1_000)
    .refine((all) => new Set(all).size === all.length, 'one of them stands there twice')
    .optional()
    .describe('host:port of each, for what does not register. Without it the registry says who is there.'),
  health: health.optional(),
});

export type FileUpstream = z.output<typeof upstream>;
