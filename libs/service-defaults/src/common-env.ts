import { telemetryEnv } from '@trellis/telemetry';
import { z } from 'zod';
import {
  address,
  callPoliciesFile,
  count,
  file,
  flag,
  httpUrl,
  milliseconds,
  port,
  text,
  weight,
  words,
} from './variables.js';

/** Variables of every process that `startService` runs. */
export const instanceEnv = {
  SERVICE_VERSION: text.default('0.1.0'),
  /** The service's name and eight hex digits when absent. */
  INSTANCE_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'No instance id')
    .describe('1 to 64 letters, digits, dots, dashes or underscores, different for each instance')
    .optional(),
  ZONE: z.string().max(64).describe('at most 64 characters').default(''),
  /** Address to bind. */
  HOST: text.describe('the address to listen on, such as 127.0.0.1').default('127.0.0.1'),
  /** Host under which others reach this instance. When absent HOST, or the own address in the network when that is 0.0.0.0. */
  ADVERTISE_HOST: text.describe('the host name under which other processes reach this one').optional(),
  GRPC_PORT: port.default(0),
  ADMIN_PORT: port.default(0),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .describe('trace, debug, info, warn, error, fatal or silent')
    .default('info'),
  /** How long calls under way may take when the process is asked to end. */
  DRAIN_TIMEOUT_MS: milliseconds.default(10_000),
  /** Announced as DRAINING, and out of rotation until `POST /undrain` on the admin port: to be looked at before it gets calls. */
  START_DRAINED: flag.default(false),
  /** Sockets that are open already: how many from descriptor 3 on, their names, and the process that they are for. */
  LISTEN_FDS: count.optional(),
  LISTEN_FDNAMES: z
    .string()
    .transform((list) => list.split(':'))
    .describe('names with colons between, as systemd writes them')
    .optional(),
  LISTEN_PID: count.optional(),
  /** Calls at once that the process takes however slow they are; above that it takes what it can answer in good time. */
  CONCURRENCY_LIMIT_MIN: count.default(20),
  /** Calls at once that it never exceeds. The same as the least: a fixed limit. */
  CONCURRENCY_LIMIT_MAX: count.default(1_000),
  /** Used before this is read, by `@trellis/telemetry/register`; here so that all that is wrong is told at once. */
  ...telemetryEnv,
} as const;

/** Variables of every process that belongs to a platform: all but the registry, which is where they meet. */
export const platformEnv = {
  REGISTRY_ADDRESS: address,
  REGISTRY_CREDENTIAL_FILE: file,
  /** Free words by which others select instances, such as "canary". */
  INSTANCE_TAGS: words.default([]),
  /** Share of the load relative to the other instances; 100 is the ordinary one. */
  INSTANCE_WEIGHT: weight.default(100),
  /**
   * Where the last good list of instances is kept for the next start: `<service>.json`, which the service's instances on
   * one machine share. Absent: nowhere.
   */
  DISCOVERY_CACHE_DIR: text.describe('the path of a folder that this process can write to').optional(),
  /** How this process calls others. Absent: as libs/rpc has it built in. */
  CALL_POLICIES_FILE: callPoliciesFile.optional(),
  /** Public address, the `iss` of every access token. */
  ISSUER_URL: httpUrl,
  /** Where the keys that sign access tokens are fetched. */
  JWKS_URL: httpUrl,
  TOKEN_AUDIENCE: text.default('urn:trellis:api'),
} as const;

/** Shape of what every service but the registry reads: `z.object({ ...commonEnv, DATABASE_URL: databaseUrl })`. */
export const commonEnv = { ...instanceEnv, ...platformEnv } as const;

export type InstanceConfig = Readonly<z.output<z.ZodObject<typeof instanceEnv>>>;
export type CommonConfig = Readonly<z.output<z.ZodObject<typeof commonEnv>>>;
