import { z } from 'zod';
import { fileRoute, name, policies } from './file-route.js';
import { headerName, hostPattern, network, secretFile } from './kinds.js';
import { shadowed } from './same-requests.js';
import { upstream } from './upstream.js';

const tracing = z
  .strictObject({
    force: z
      .strictObject({
        header: headerName.describe('Name of the header.'),
        secretFile: secretFile.describe('Path of a file with nothing but the secret in it.'),
      })
      .optional()
      .describe('Whoever sends the secret in this header has his trace recorded, whatever the sample ratio is.'),
  })
  .describe('Which traces are recorded besides those that are drawn.');

/** The whole of `gateway.yaml`. */
export const gatewayFile = z
  .strictObject({
    $schema: z.string().optional().describe('Where editors find this schema.'),
    trusted: z
      .array(network)
      .default([])
      .describe('Networks of the proxies and clients whose word about addresses, ids and traces is taken.'),
    forwardedBy: z
      .enum(['x-forwarded-for', 'forwarded'])
      .default('x-forwarded-for')
      .describe('The one header in which they write whom they were called by.'),
    tracing: tracing.default({}),
    contractHosts: z
      .array(hostPattern)
      .optional()
      .describe("Hosts under which the contracts' own routes answer; any when absent, none when empty."),
    defaults: z.strictObject(policies).default({}).describe('What holds for every route that says nothing else.'),
    upstreams: z
      .record(name, upstream)
      .default({})
      .describe('How services are called, by their names: over what CALL_POLICIES_FILE says.'),
    routes: z
      .array(fileRoute)
      .default([])
      .describe("Before the contracts' own. Of two that fit, the one with the more specific host, then path is taken."),
  })
  .check(({ value, issues }) => {
    for (const { at, by, requests } of shadowed(value.routes)) {
      const message = `never gets a request: routes.${by} takes ${requests} before it`;
      issues.push({ code: 'custom', path: ['routes', at], message, params: { see: ['routes', by] }, input: value });
    }
  });

export type GatewayFile = z.output<typeof gatewayFile>;
