import { type Child, entryOf, freePort } from '@trellis/launch';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Caller, type CallerOptions } from './caller.js';
import { SimInstance, type SimOptions, type Surroundings } from './sim-instance.js';
import { startProcess } from './start-process.js';

/** Who may announce what in a small world; `story` only watches. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  sim: ['trellis.sim'],
  'sim-peer': ['trellis.sim'],
  'sim-caller': ['trellis.sim'],
  'sim-backup': ['trellis.sim'],
  mallory: ['trellis.mallory'],
  plain: [],
  gateway: [],
  story: [],
};

/** A registry of its own and whatever a story starts around it: real processes, but no databases. */
export class World implements Surroundings {
  readonly folder = mkdtempSync(join(tmpdir(), 'trellis-world-'));
  readonly #credentials = new Map(Object.keys(PACKAGES).map((service) => [service, newCredential()]));
  readonly #ends: (() => unknown)[] = [];
  readonly #ports: { readonly grpc: number; readonly http: number };
  readonly #registryEnv: Readonly<Record<string, string>>;
  #registry: Child | undefined;

  private constructor(
    ports: { grpc: number; http: number },
    registryEnv: Readonly<Record<string, string>>,
    readonly tracesUrl: string | undefined,
  ) {
    this.#ports = ports;
    this.#registryEnv = registryEnv;
    for (const service of Object.keys(PACKAGES)) {
      writeFileSync(this.credentialFile(service), this.credential(service), { mode: 0o600 });
    }
    const entries = Object.entries(PACKAGES).map(([service, packages]) => {
      const sha256 = createHash('sha256').update(this.credential(service)).digest('hex');
      return { service, packages, sha256 };
    });
    writeFileSync(join(this.folder, 'credentials.json'), JSON.stringify(entries), { mode: 0o600 });
  }

  /** `registryEnv` is added to the registry's variables. `tracesUrl`: where gateways and instances send their spans. */
  static async start(registryEnv: Readonly<Record<string, string>> = {}, tracesUrl?: string): Promise<World> {
    const world = new World({ grpc: await freePort(), http: await freePort() }, registryEnv, tracesUrl);
    try {
      await world.startRegistry();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  /** `host:port` of the registry's gRPC. */
  get registry(): string {
    return `127.0.0.1:${this.#ports.grpc}`;
  }

  get registryUrl(): string {
    return `http://127.0.0.1:${this.#ports.http}`;
  }

  /** Nobody issues tokens here: only public methods can be called. */
  get env(): Readonly<Record<string, string>> {
    const { registry: REGISTRY_ADDRESS, tracesUrl } = this;
    return {
      ...{ REGISTRY_ADDRESS, ISSUER_URL: 'http://127.0.0.1:1', JWKS_URL: 'http://127.0.0.1:1/jwks' },
      ...(tracesUrl !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: tracesUrl }),
    };
  }

  credential(service: string): string {
    return this.#credentials.get(service) ?? '';
  }

  credentialFile(service: string): string {
    return join(this.folder, `${service}.credential`);
  }

  async startRegistry(): Promise<void> {
    const { child } = await startProcess({
      ...{ name: 'registry', entry: entryOf('apps/registry'), folder: this.folder },
      env: {
        ...{ GRPC_PORT: `${this.#ports.grpc}`, HTTP_PORT: `${this.#ports.http}`, INSTANCE_ID: 'registry' },
        REGISTRY_CREDENTIALS_FILE: join(this.folder, 'credentials.json'),
        REGISTRY_SNAPSHOT_FILE: this.#snapshot,
        ...this.#registryEnv,
      },
    });
    this.#registry = child;
  }

  async killRegistry(): Promise<void> {
    this.#registry?.kill('SIGKILL');
    await this.#registry?.exited;
  }

  /** The registry knows nothing when it is started the next time. */
  emptyRegistry(): void {
    rmSync(this.#snapshot, { force: true });
  }

  /** Instances of the simulated service, started side by side. */
  sims(...options: readonly SimOptions[]): Promise<SimInstance[]> {
    return Promise.all(options.map((one) => this.sim(one)));
  }

  async sim(options: SimOptions): Promise<SimInstance> {
    const instance = await SimInstance.start(this, options);
    this.#ends.push(() => instance.stop());
    return instance;
  }

  /** A gateway with more variables, and where it is reached. */
  async gateway(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const port = await freePort();
    const { child } = await startProcess({
      ...{ name: 'gateway', entry: entryOf('apps/gateway'), folder: this.folder },
      env: {
        ...this.env,
        ...{ PORT: `${port}`, OTEL_SERVICE_NAME: 'gateway', REGISTRY_CREDENTIAL_FILE: this.credentialFile('gateway') },
        ...env,
      },
    });
    this.#ends.push(() => child.stop(5000));
    return `http://127.0.0.1:${port}`;
  }

  async caller(options: Partial<CallerOptions> = {}): Promise<Caller> {
    const credential = this.credential('story');
    const caller = await Caller.connect({ registry: this.registry, credential, ...options });
    this.#ends.push(() => caller.close());
    return caller;
  }

  /** Ends what it has started, and removes its files. */
  async stop(): Promise<void> {
    await Promise.all(this.#ends.splice(0).map((end) => end()));
    await this.#registry?.stop(5000);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #snapshot(): string {
    return join(this.folder, 'registry-snapshot.json');
  }
}

/** 256 bits, as every credential. */
const newCredential = (): string => randomBytes(32).toString('base64url');
