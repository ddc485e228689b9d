import type { RolloutEvent } from '@trellis/launch';
import { type Summary, type Tally, runLoad } from '@trellis/load';
import { platform } from './platform.js';

export interface Rolling {
  /** Services or instances; all when absent. */
  readonly names?: readonly string[];
  readonly rounds: number;
  readonly perSecond: number;
  /** The load goes on until so many requests were sent, also when all is replaced before. */
  readonly atLeast: number;
  /** How long each new instance is watched. */
  readonly bakeMs: number;
}

export interface Rolled {
  readonly load: Summary;
  /** Ids of the instances that were replaced. */
  readonly replaced: readonly string[];
}

/** A load that outlasts every rollout; it is ended when they are over. */
const LONG_ENOUGH_S = 3_600;

/** Replaces instances of the shared platform, round after round, under reads and writes over REST and reads over gRPC. */
export async function roll({ names = [], rounds, perSecond, atLeast, bakeMs }: Rolling): Promise<Rolled> {
  const replaced: string[] = [];
  const load = await underLoad({ perSecond, atLeast }, async (tally) => {
    const tell = (event: RolloutEvent): void => {
      if (event.step !== 'replaced') return;
      replaced.push(event.instance);
      const { sent, failed } = tally.summary;
      console.log(
        `${event.instance} → ${event.next} in ${event.seconds.toFixed(1)} s; ${failed} of ${sent} failed so far`,
      );
    };
    for (let round = 0; round < rounds; round += 1) await platform.rollout({ names, bakeMs, tell });
  });
  return { load, replaced };
}

/** The first requests are due a moment after the load began. */
const SOME_MORE_MS = 500;

/** What became of the load that ran while something was done. */
export async function underLoad(
  { perSecond, atLeast }: Pick<Rolling, 'perSecond' | 'atLeast'>,
  during: (tally: Tally) => Promise<void>,
): Promise<Summary> {
  const over = new AbortController();
  const { gatewayUrl, registryGrpc, credentialsFile } = platform;
  const began = Promise.withResolvers<Tally>();
  const running = runLoad({
    ...{ gatewayUrl, perSecond, scenario: 'mixed', grpcShare: 0.5, grpc: { registryGrpc, credentialsFile } },
    seconds: Math.max(LONG_ENOUGH_S, atLeast / perSecond),
    signal: over.signal,
    began: began.resolve,
  });
  try {
    const tally = await Promise.race([began.promise, running]);
    const start = performance.now();
    await during(tally);
    const left = (atLeast / perSecond) * 1_000 + SOME_MORE_MS - (performance.now() - start);
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  } finally {
    over.abort();
  }
  const { summary } = await running;
  const { sent, failed, outcomes, p50, p99, max } = summary;
  console.log(
    `${failed} of ${sent} failed ${JSON.stringify(outcomes)}; p50 ${p50} ms, p99 ${p99} ms, longest ${max} ms`,
  );
  return summary;
}
