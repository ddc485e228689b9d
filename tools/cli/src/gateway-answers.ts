import { z } from 'zod';

/** What the gateway's check of a file answers; see apps/gateway/src/file/overview.ts. */
export const overview = z.object({
  routes: z.array(
    z.object({
      hosts: z.array(z.string()),
      methods: z.array(z.string()),
      path: z.string(),
      target: z.string(),
      policies: z.array(z.string()),
    }),
  ),
  upstreams: z.array(
    z.object({
      name: z.string(),
      addresses: z.array(z.string()),
      strategy: z.string().optional(),
      timeouts: z.record(z.string(), z.number()),
    }),
  ),
  defaults: z.array(z.string()),
});

const route = z.object({
  source: z.string(),
  host: z.string().optional(),
  method: z.string(),
  path: z.string(),
  conditions: z.array(z.string()),
  target: z.string(),
  policies: z.array(z.object({ name: z.string(), settings: z.unknown().optional(), from: z.string() })),
  problem: z.string().optional(),
});

/** The gateway's `/routes`; see apps/gateway/src/admin-pages.ts. */
export const routeList = z.object({
  file: z
    .object({
      path: z.string(),
      loadedAt: z.number(),
      problem: z.object({ since: z.number(), faults: z.array(z.string()) }).optional(),
    })
    .nullable(),
  complete: z.boolean(),
  routes: z.array(route),
});

/** The same page asked about one request. */
export const explanation = z.object({
  refused: z.number().optional(),
  route: route.optional(),
  variables: z.record(z.string(), z.string()).optional(),
  upstream: z
    .object({
      strategy: z.string().optional(),
      instances: z.array(
        z.object({ id: z.string(), address: z.string(), version: z.string(), healthy: z.boolean().optional() }),
      ),
    })
    .optional(),
  others: z.array(z.object({ route, why: z.string() })),
});

export type Overview = z.output<typeof overview>;
export type RouteSummary = z.output<typeof route>;
export type RouteList = z.output<typeof routeList>;
export type Explanation = z.output<typeof explanation>;
