import { duration } from '@trellis/config-file';
import { servicePolicy } from '@trellis/rpc';
import { z } from 'zod';
import { POLICIES } from '../data-plane/policies/pipeline.js';
import { headerName, hostPattern, hostPort, httpMethod, network, pathTemplate, valueTest } from './kinds.js';

/** Every policy takes its settings under its name, and `false` to be left out. */
const policies = Object.fromEntries(
  POLICIES.map(({ name, settings }) => [name, z.union([z.literal(false), settings]).optional()]),
);

const name = z.string().regex(/^[\w.-]{1,64}$/, 'no name: 1 to 64 letters, digits, dots, dashes and underscores');

/** How the gateway itself looks whether an instance is well, besides what calls tell. */
const health = z.strictObject({
  /** Of instances that speak HTTP; those of gRPC are asked by grpc.health.v1. */
  path: z.string().startsWith('/').default('/health'),
  interval: duration.default(10_000),
  timeout: duration.default(1_000),
  /** Good answers in a row that put an instance in again. */
  healthy: z.int().min(1).max(100).default(2),
  /** Bad ones in a row that put it out. */
  unhealthy: z.int().min(1).max(100).default(3),
});

/** A service as the gateway calls it. */
const upstream = servicePolicy.extend({
  /** A fixed list, for what does not register. Without it the registry says who is there. */
  hosts: z.array(hostPort).min(1).max(1_000).optional(),
  health: health.optional(),
});

/** What a request must have besides its path. */
const conditions = {
  /** Any when absent. */
  host: hostPattern.optional(),
  path: pathTemplate,
  /** Any when absent. */
  methods: z.array(httpMethod).min(1).optional(),
  headers: z.record(headerName, valueTest).optional(),
  /** Of a parameter that is given several times, the first counts. */
  query: z.record(z.string().min(1), valueTest).optional(),
};

/** A method of a contract: the path's variables and the parameters are fields of its request. */
const call = {
  /** `trellis.blog.v1.BlogService/GetPost` */
  call: z
    .string()
    .regex(/^[\w.]+\/\w+$/, 'no method: write it as trellis.blog.v1.BlogService/GetPost')
    .optional(),
  /** The field that the body is, or `*` for the whole request. `*` for POST, PUT and PATCH when absent. */
  body: z.string().optional(),
  /** The field of the answer that is the body. The whole answer when absent. */
  responseBody: z.string().optional(),
  /** Fields of the request by the names that query parameters have here: `post_id: id`. */
  parameters: z.record(z.string().min(1), z.string().min(1)).optional(),
};

/** A service that speaks HTTP: a registered one, or an upstream with hosts. */
const service = {
  service: name.optional(),
  /** Only instances of this version. */
  version: z.string().min(1).max(64).optional(),
  /** Beginning of the path that the service does not see: `/shop`. */
  stripPath: z.string().startsWith('/').optional(),
  /** The service sees no query. */
  stripQuery: z.boolean().optional(),
};

const redirect = {
  redirect: z
    .strictObject({
      /** An address or a path; `{name}` stands for the variable of the path. The query is kept. */
      to: z.string().min(1).max(2_048),
      status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).default(308),
    })
    .optional(),
};

const TARGETS = ['call', 'service', 'redirect'] as const;

const route = z
  .strictObject({
    /** What logs, metrics and traces call it; its path when absent. */
    name: name.optional(),
    ...conditions,
    ...call,
    ...service,
    ...redirect,
    ...policies,
  })
  .check(({ value, issues }) => {
    const given = TARGETS.filter((target) => value[target] !== undefined);
    if (given.length !== 1) {
      issues.push({ code: 'custom', message: `a route has exactly one of ${TARGETS.join(', ')}`, input: value });
    }
  });

/** The whole of `gateway.yaml`. */
export const gatewayFile = z.strictObject({
  /** Where editors find this schema. */
  $schema: z.string().optional(),
  /** Networks of the proxies and clients whose word about addresses, ids and traces is taken. */
  trusted: z.array(network).default([]),
  /** Hosts under which the contracts' own routes answer; any when absent, none when empty. */
  contractHosts: z.array(hostPattern).optional(),
  /** What holds for every route that says nothing else. */
  defaults: z.strictObject(policies).default({}),
  upstreams: z.record(name, upstream).default({}),
  /** Before the contracts' own. Of two that fit, the one with the more specific path is taken. */
  routes: z.array(route).default([]),
});

export type GatewayFile = z.output<typeof gatewayFile>;
export type FileRoute = z.output<typeof route>;
export type FileUpstream = z.output<typeof upstream>;
