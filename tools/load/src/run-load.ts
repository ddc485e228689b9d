import { GatewayClient } from './gateway-client.js';
import { generate } from './generate.js';
import { type GrpcAccess, grpcClient } from './grpc-client.js';
import { Person } from './person.js';
import { type ScenarioName, pickFrom, scenario } from './scenarios.js';
import { Tally } from './tally.js';

export interface LoadOptions {
  readonly gatewayUrl: string;
  readonly scenario: ScenarioName;
  readonly perSecond: number;
  readonly seconds: number;
  /** Share of the reads that are gRPC calls past the gateway, from 0 to 1; 0 unless told. */
  readonly grpcShare?: number;
  /** For those calls. */
  readonly grpc?: GrpcAccess | undefined;
  readonly signal?: AbortSignal;
  /** Told when the first request is due. */
  readonly began?: (tally: Tally) => void;
  /** Numbers in [0, 1) that pick what is asked for. */
  readonly random?: () => number;
}

/** Prepares a person and posts, and runs the load. Throws when the platform does not let itself be prepared. */
export async function runLoad(options: LoadOptions): Promise<Tally> {
  const { gatewayUrl, grpcShare = 0, grpc: access, signal, random = Math.random } = options;
  const gateway = new GatewayClient(gatewayUrl);
  const person = await Person.register(gatewayUrl);
  const grpc = grpcShare > 0 && access ? await grpcClient(access) : undefined;
  const tally = new Tally();
  try {
    const mix = await scenario(options.scenario, { gateway, person, grpc, grpcShare: grpc ? grpcShare : 0 });
    options.began?.(tally);
    const { perSecond, seconds } = options;
    await generate({ perSecond, seconds, signal, pick: () => pickFrom(mix, random()), ended: tally.add });
    return tally;
  } finally {
    person.leave();
    grpc?.close();
    await gateway.close();
  }
}
