import {
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  create,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { type Child, root } from '@trellis/launch';
import { join } from 'node:path';
import { startProcess } from './start-process.js';
import { type SimContract, type TellResponse, simContract } from './sim/sim-contract.js';

/** What an instance needs to know of where it is started. */
export interface Surroundings {
  /** For logs. */
  readonly folder: string;
  /** Addresses of the registry and of the issuer of tokens. */
  readonly env: Readonly<Record<string, string>>;
  credentialFile(service: string): string;
}

export interface SimOptions {
  /** Unique. */
  readonly name: string;
  /** "sim" unless told. */
  readonly service?: string;
  readonly contract?: SimContract;
  readonly version?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Looks the same for every variant of the contract: only what a story says directly to one instance goes through it. */
const { method: direct } = simContract('plain', 'sim');

/** A process of the simulated service. */
export class SimInstance {
  readonly name: string;
  readonly #process: Child;
  readonly #client: Client;

  private constructor(name: string, process: Child, client: Client) {
    this.name = name;
    this.#process = process;
    this.#client = client;
  }

  /** Resolves when it takes calls and the registry has listed it, or has not answered for ten seconds. */
  static async start(surroundings: Surroundings, options: SimOptions): Promise<SimInstance> {
    const { name, service = 'sim', contract = 'plain', version = '1.0.0' } = options;
    const { child, addresses } = await startProcess({
      ...{ name, folder: surroundings.folder },
      entry: join(root, 'apps/system-tests/dist/sim/main.js'),
      env: {
        ...surroundings.env,
        ...{ INSTANCE_ID: name, SERVICE_VERSION: version, SIM_SERVICE: service, SIM_CONTRACT: contract },
        OTEL_SERVICE_NAME: service,
        REGISTRY_CREDENTIAL_FILE: surroundings.credentialFile(service),
        ...options.env,
      },
    });
    return new SimInstance(name, child, new Client(addresses['grpc'] ?? '', credentials.createInsecure()));
  }

  /** What is not named is as in a healthy instance. */
  async behave(behaviour: { latencyMs?: number; slots?: number; failing?: number }): Promise<void> {
    await this.call(direct.behave, behaviour);
  }

  tell(): Promise<TellResponse> {
    return this.call(direct.tell, {});
  }

  /** Past discovery and balancing. Rejects with grpc-js's error, which has a `code`. */
  call<M extends DescMethodUnary>(
    method: M,
    request: MessageInitShape<M['input']>,
    metadata = new Metadata(),
  ): Promise<MessageShape<M['output']>> {
    const path = `/${method.parent.typeName}/${method.name}`;
    const bytes = Buffer.from(toBinary(method.input, create(method.input, request)));
    const pass = (message: Buffer): Buffer => message;
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, answer?: Buffer): void => {
        if (error || !answer) reject(error ?? new Error('no answer'));
        else resolve(fromBinary(method.output as M['output'], answer));
      };
      this.#client.makeUnaryRequest(path, pass, pass, bytes, metadata, { deadline: Date.now() + 5000 }, done);
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** In order: it deregisters and answers what is under way. */
  async stop(): Promise<void> {
    this.#client.close();
    this.#process.kill('SIGCONT'); // one that is frozen could not end
    await this.#process.stop(5000);
  }
}
