import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUSY_NODE_OPTIONS, entryOf, freePort, inheritedEnv } from '@trellis/launch';
import type { RegistryAccess } from '../own-registry.js';
import { Pinned } from '../pinned.js';
import type { Running, Subject, Surroundings } from './subject.js';

export interface TrellisOptions {
  readonly name?: string;
  readonly cases: readonly string[];
  readonly registry: RegistryAccess;
  /** Share of the requests whose trace is recorded and exported. */
  readonly sampled?: 0 | 1;
  readonly base?: string;
  /** The text of its gateway.yaml; `POLICIES` alone when absent. */
  readonly file?: string;
  /** Of Node, such as --inspect. */
  readonly nodeOptions?: readonly string[];
}

/** Every policy that costs something at each request: more than what a gateway does without a file. No limit is ever reached. */
export const POLICIES = `
defaults:
  auth: {}
  limitPerAddress: { requests: 1000000 }
  limitPerCaller: { requests: 1000000 }
`;

/** The gateway as the launcher starts it, everything on; its access log goes nowhere. */
export function trellis(options: TrellisOptions): Subject {
  const { name = 'trellis', cases, base } = options;
  return {
    name,
    cases,
    warmsUp: true,
    start: async (surroundings) => {
      const running = await startGateway(options, surroundings);
      return { ...running, ...(base !== undefined && { base }) };
    },
  };
}

let started = 0;

async function startGateway(
  { registry, sampled = 0, nodeOptions = [], file: text = POLICIES }: TrellisOptions,
  { backends, issuer, folder }: Surroundings,
): Promise<Running> {
  const port = await freePort();
  const id = `gateway-${++started}`;
  const credential = join(folder, `${id}.credential`);
  writeFileSync(credential, registry.credential);
  const file = join(folder, `${id}.yaml`);
  writeFileSync(file, text);
  const preload = ['--import', '@trellis/telemetry/register'];
  const args = [...BUSY_NODE_OPTIONS, ...nodeOptions, ...preload, entryOf('apps/gateway')];
  const process = new Pinned('measured', args, {
    ...inheritedEnv(),
    PORT: `${port}`,
    GATEWAY_FILE: file,
    INSTANCE_ID: id,
    REGISTRY_ADDRESS: registry.address,
    REGISTRY_CREDENTIAL_FILE: credential,
    ISSUER_URL: issuer.url,
    TOKEN_AUDIENCE: issuer.audience,
    JWKS_URL: `http://127.0.0.1:${backends.jwks}/jwks`,
    OTEL_SERVICE_NAME: 'gateway',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${backends.traces}`,
    TRACE_SAMPLE_RATIO: `${sampled}`,
    LOG_LEVEL: 'info',
  });
  await process.next((message) => 'type' in message && message.type === 'ready', 60_000, 'gateway ready');
  return { process, port };
}
