import { durationMs } from '@bufbuild/protobuf/wkt';
import { type Instance, Protocol } from '@trellis/contracts/registry/v1';
import { parseAddress } from '../announce/address.js';
import { probeGrpc } from './probe-grpc.js';
import { probeHttp } from './probe-http.js';
import { isSafeHost } from './safe-lookup.js';

/** Milliseconds, for an instance that asks for probes and says no more. */
const INTERVAL = 5_000;
const TIMEOUT = 1_000;
const PATH = '/health';

/** How an instance is to be asked; times in milliseconds. */
export interface ProbePlan {
  readonly interval: number;
  readonly timeout: number;
}

/** Undefined for an instance that is not to be asked. */
export function planOf({ probe }: Instance): ProbePlan | undefined {
  if (!probe) return undefined;
  return {
    interval: probe.interval ? durationMs(probe.interval) : INTERVAL,
    timeout: probe.timeout ? durationMs(probe.timeout) : TIMEOUT,
  };
}

/** Whether the instance says of itself that it is well, before the signal. It is asked at the address it announced alone. */
export async function probe(instance: Instance, signal: AbortSignal): Promise<boolean> {
  const address = parseAddress(instance.address);
  if (!address || !isSafeHost(address.host)) return false;
  if (instance.protocol === Protocol.GRPC) return probeGrpc(address, signal);
  return probeHttp(address, instance.probe?.path || PATH, signal);
}
