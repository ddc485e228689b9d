import { randomBytes, createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryOf, inheritedEnv } from '@trellis/launch';
import { Pinned } from './pinned.js';
import { temporaryFolder } from './temporary-folder.js';

/** Where the registry is, and with what a service may announce itself and watch. */
export interface RegistryAccess {
  readonly address: string;
  readonly credential: string;
}

/** The platform's own registry as a process beside the load, with a credential for each service of the benchmark. */
export class OwnRegistry {
  readonly #process: Pinned;
  readonly #credentials: Readonly<Record<string, string>>;
  #address = '';

  /** Proto packages by the name of the service that may announce them. */
  private constructor(services: Readonly<Record<string, readonly string[]>>) {
    this.#credentials = Object.fromEntries(
      Object.keys(services).map((service) => [service, randomBytes(32).toString('base64url')]),
    );
    const entries = Object.entries(services).map(([service, packages]) => ({
      service,
      packages,
      sha256: createHash('sha256').update(this.credential(service)).digest('hex'),
    }));
    const file = join(temporaryFolder(), 'credentials.json');
    writeFileSync(file, JSON.stringify(entries));
    this.#process = new Pinned('load', ['--import', '@trellis/telemetry/register', entryOf('apps/registry')], {
      ...inheritedEnv(),
      REGISTRY_CREDENTIALS_FILE: file,
      LOG_LEVEL: 'error',
    });
  }

  static async start(services: Readonly<Record<string, readonly string[]>>): Promise<OwnRegistry> {
    const registry = new OwnRegistry(services);
    const isReady = (message: object): boolean => (message as Ready).type === 'ready';
    const { addresses } = (await registry.#process.next(isReady, 60_000, 'registry ready')) as Ready;
    registry.#address = addresses.grpc;
    return registry;
  }

  credential(service: string): string {
    const credential = this.#credentials[service];
    if (credential === undefined) throw new Error(`The benchmark's registry knows no service ${service}`);
    return credential;
  }

  access(service: string): RegistryAccess {
    return { address: this.#address, credential: this.credential(service) };
  }

  end(): Promise<void> {
    return this.#process.kill();
  }
}

interface Ready {
  readonly type: string;
  readonly addresses: { readonly grpc: string };
}
