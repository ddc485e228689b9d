import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUSY_NODE_OPTIONS, entryOf, freePort, inheritedEnv } from '@trellis/launch';
import { packageOf } from './bench-contract.js';
import type { Target } from './orders.js';
import { Pinned } from '../pinned.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Each with a credential of its own, as in a platform: limits are by credential. */
const SERVICES = 25;
const READY_WITHIN = 60_000;

/** The real registry as a process with the platform's own settings; killed and started again at will. */
export class RegistryProcess {
  readonly target: Target;
  readonly #env: Record<string, string>;
  #process: Pinned;

  private constructor(folder: string, port: number, httpPort: number) {
    const callers = Array.from({ length: SERVICES }, (_, n) => ({
      service: `s${n}`,
      credential: randomBytes(32).toString('base64url'),
    }));
    this.target = { port, callers };
    const credentials = callers.map(({ service, credential }) => ({
      service,
      packages: [packageOf(service)],
      sha256: createHash('sha256').update(credential).digest('hex'),
    }));
    const file = join(folder, 'credentials.json');
    writeFileSync(file, JSON.stringify(credentials));
    this.#env = {
      ...inheritedEnv(),
      GRPC_PORT: `${port}`,
      HTTP_PORT: `${httpPort}`,
      REGISTRY_CREDENTIALS_FILE: file,
      REGISTRY_SNAPSHOT_FILE: join(folder, 'catalogue.json'),
      INSTANCE_ID: 'registry-1',
    };
    this.#process = this.#spawn();
  }

  static async start(): Promise<RegistryProcess> {
    const registry = new RegistryProcess(temporaryFolder(), await freePort(), await freePort());
    await registry.#ready();
    return registry;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get #listUrl(): string {
    return `http://127.0.0.1:${this.#env['HTTP_PORT']}/v1/services`;
  }

  /** Instances of the benchmark's services that it lists. */
  async listed(): Promise<number> {
    const answer = await fetch(this.#listUrl, { signal: AbortSignal.timeout(10_000) });
    const { services } = (await answer.json()) as { services: { name: string; instances?: number }[] };
    return services.reduce((sum, { name, instances = 0 }) => (name === 'registry' ? sum : sum + instances), 0);
  }

  /** kill -9, and at once a new one. Resolves when that is ready. */
  async restart(): Promise<void> {
    await this.#process.kill();
    this.#process = this.#spawn();
    await this.#ready();
  }

  end(): Promise<void> {
    return this.#process.kill();
  }

  async #ready(): Promise<void> {
    await this.#process.next(
      (message) => 'type' in message && message.type === 'ready',
      READY_WITHIN,
      'registry ready',
    );
  }

  #spawn(): Pinned {
    const preload = ['--import', '@trellis/telemetry/register'];
    return new Pinned('measured', [...BUSY_NODE_OPTIONS, ...preload, entryOf('apps/registry')], this.#env);
  }
}
