import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Directory, watchRegistry } from '@trellis/discovery';
import { ServiceError, codeName } from '@trellis/errors';
import { type CallPolicies, type Rpc, type UnaryAnswer, createRpc } from '@trellis/rpc';
import { createLogger } from '@trellis/telemetry';
import { simContract } from './sim/sim-contract.js';

export interface CallerOptions {
  /** `host:port` of the registry, or of a proxy before it. */
  readonly registry: string;
  readonly credential: string;
  readonly policies?: CallPolicies;
  readonly cacheFile?: string;
}

export interface Work {
  /** Who did it; empty when a fallback answered in its place. */
  readonly instance: string;
  readonly version: string;
  readonly attempts: number;
  readonly fallback: UnaryAnswer['fallback'];
}

const { work } = simContract('plain', 'sim').method;

/** This process as a caller of the simulated service, through discovery and libs/rpc as every service is. */
export class Caller {
  readonly directory: Directory;
  readonly rpc: Rpc;

  private constructor({ registry, credential, policies, cacheFile }: CallerOptions) {
    const logger = createLogger({ name: 'story', level: 'silent' });
    this.directory = watchRegistry({ address: registry, credential, logger, ...(cacheFile && { cacheFile }) });
    this.rpc = createRpc({ directory: this.directory, logger, ...(policies && { policies }) });
  }

  static async connect(options: CallerOptions): Promise<Caller> {
    const caller = new Caller(options);
    if (await caller.directory.ready(10_000)) return caller;
    caller.close();
    throw new Error(`the registry at ${options.registry} sent no list within 10 s`);
  }

  /** One piece of work by any instance. Rejects with a ServiceError. */
  async work({ service = 'sim', withinMs = 5000 } = {}): Promise<Work> {
    const request = toBinary(work.input, create(work.input));
    const path = `/${work.parent.typeName}/${work.name}`;
    const deadline = Date.now() + withinMs;
    const answer = await this.rpc.unary({ service, path, request, deadline, repeatable: true, output: work.output });
    const { instance, version } = fromBinary(work.output, answer.message);
    return { instance, version, attempts: answer.attempts, fallback: answer.fallback };
  }

  /** The same as a load's outcome: "ok", or the code and reason of the error, such as "UNAVAILABLE NO_INSTANCE". */
  async outcome(options?: Parameters<Caller['work']>[0]): Promise<string> {
    try {
      await this.work(options);
      return 'ok';
    } catch (error) {
      const { code, reason } = ServiceError.from(error);
      return [codeName(code), reason].filter(Boolean).join(' ');
    }
  }

  /** Ids of the instances that take calls. */
  pool(service = 'sim'): string[] {
    return this.directory.instances(service).map(({ id }) => id);
  }

  close(): void {
    this.rpc.close();
    this.directory.close();
  }
}
