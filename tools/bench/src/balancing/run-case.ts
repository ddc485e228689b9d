import { type CallResult, type PoolOptions, createPool } from '@trellis/balancing';
import { seededRandom, simulate } from '@trellis/testing';
import type { Case } from './cases.js';
import { SimulatedInstance } from './instance.js';

/** What a caller waits for one answer at most. */
export const TIMEOUT_MS = 1_000;
/** Different things that requests are about, each as frequent as the other: the keys of hashing strategies. */
const KEYS = 10_000;

/** One request as its caller saw it. */
export interface Outcome {
  /** When it was sent, in milliseconds. */
  readonly at: number;
  readonly to: SimulatedInstance | undefined;
  readonly result: CallResult;
  readonly latency: number;
}

export interface Course {
  readonly outcomes: readonly Outcome[];
  readonly instances: readonly SimulatedInstance[];
}

/**
 * The callers of a case against its instances. Arrivals, service times and strategies draw from chances of their own, so
 * that every strategy meets the same requests.
 */
export function runCase(situation: Case, options: Omit<PoolOptions, 'random'>, seconds = situation.seconds): Course {
  const simulation = simulate(1);
  const { now, after } = simulation;
  const arrivals = seededRandom(2);
  const work = seededRandom(3);
  const chance = seededRandom(4);
  const pools = Array.from({ length: situation.callers ?? 1 }, () =>
    createPool<SimulatedInstance>({ ...options, random: chance }),
  );
  const instances = situation.instances.map((instance) => new SimulatedInstance(instance, simulation, work));
  const publish = () => pools.forEach((pool) => pool.update([...instances], now()));
  publish();
  situation.story?.({ simulation, random: seededRandom(5), instances, publish });

  const outcomes: Outcome[] = [];
  const perMs = situation.load * instances.reduce((sum, { capacity }) => sum + capacity, 0);
  const send = () => {
    after(-Math.log(1 - arrivals()) / perMs, send);
    const at = now();
    const pool = pools[Math.floor(arrivals() * pools.length)];
    const endpoint = pool?.pick(at, [], Math.floor(arrivals() * KEYS));
    if (!pool || !endpoint) return void outcomes.push({ at, to: undefined, result: 'failed', latency: 0 });
    let open = true;
    const end = (result: CallResult) => {
      if (!open) return;
      open = false;
      pool.end(endpoint, result, now() - at, now());
      outcomes.push({ at, to: endpoint.candidate, result, latency: now() - at });
    };
    pool.begin(endpoint, at);
    endpoint.candidate.call(end);
    after(TIMEOUT_MS, () => end('failed'));
  };
  simulation.at(0, send);
  simulation.runUntil(seconds * 1_000);
  return { outcomes, instances };
}
