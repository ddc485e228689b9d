import type { Simulation } from '@trellis/testing';
import { type InstanceOptions, SimulatedInstance } from './instance.js';

/** What a case can do to its world. */
export interface World {
  readonly simulation: Simulation;
  readonly random: () => number;
  readonly instances: SimulatedInstance[];
  /** The list of instances has changed, and callers learn of it. */
  publish(): void;
}

export interface Case {
  readonly name: string;
  /** Calls arrive at this part of the pool's capacity, at random times. */
  readonly load: number;
  readonly seconds: number;
  /** How many callers share the calls, each with a pool of its own that knows nothing of the others'. Default 1. */
  readonly callers?: number;
  readonly instances: readonly InstanceOptions[];
  /** Name of the one instance that ails: its share of the calls is a figure of its own… */
  readonly odd?: string;
  /** …counted from this second on. */
  readonly oddFrom?: number;
  /** What happens in the course of it. */
  readonly story?: (world: World) => void;
}

/** An instance as the cases have them unless they say otherwise: 800 calls a second. */
const ORDINARY = { workers: 16, serviceMs: 20 };
const COUNT = 10;
const names = Array.from({ length: COUNT }, (_, index) => `i${index}`);
const allOrdinary = names.map((name) => ({ ...ORDINARY, name }));
const ODD = 'i9';
const withOdd = (odd: Partial<InstanceOptions>) =>
  allOrdinary.map((options) => (options.name === ODD ? { ...options, ...odd } : options));

/** 10 times slower at first, and warm after five seconds. */
const cold = (age: number) => 1 + 9 * Math.max(0, 1 - age / 5_000);

const ONE_SLOW: Case = {
  name: 'one-slow',
  // So little that even round robin does not drown the slow one, which is then at three quarters of what it can take.
  load: 0.075,
  seconds: 60,
  instances: withOdd({ slowness: () => 10 }),
  odd: ODD,
};

export const COLD_JOIN: Case = {
  name: 'cold-join',
  load: 0.6,
  seconds: 20,
  instances: allOrdinary.slice(1),
  odd: 'i10',
  oddFrom: 5,
  story: ({ simulation, random, instances, publish }) =>
    simulation.at(5_000, () => {
      instances.push(new SimulatedInstance({ ...ORDINARY, name: 'i10', slowness: cold }, simulation, random));
      publish();
    }),
};

export const CASES: readonly Case[] = [
  { name: 'equal', load: 0.9, seconds: 20, instances: allOrdinary },
  ONE_SLOW,
  { ...ONE_SLOW, name: 'one-slow-many-callers', callers: 10 },
  {
    name: 'one-slow-quiet',
    // 100 calls a second to three fast instances: most are idle when a call comes, so counting calls says little.
    load: 1 / 120,
    seconds: 60,
    instances: withOdd({ slowness: () => 10 })
      .slice(-3)
      .map((options) => ({ ...options, serviceMs: 4 })),
    odd: ODD,
  },
  {
    name: 'pauses',
    load: 0.5,
    seconds: 30,
    instances: allOrdinary,
    story: ({ simulation, random, instances }) => {
      // 300 ms every six seconds on average, as of a garbage collector or a neighbour on the machine.
      for (const instance of instances) {
        const pause = () => {
          instance.pause(300);
          simulation.after(300 - Math.log(1 - random()) * 5_700, pause);
        };
        simulation.after(random() * 6_000, pause);
      }
    },
  },
  {
    name: 'mixed',
    load: 0.7,
    seconds: 20,
    // Weights are in proportion to capacity.
    instances: names.map((name, index) => {
      const weight = index < 4 ? 1 : index < 8 ? 2 : 4;
      return { ...ORDINARY, name, weight, workers: 8 * weight };
    }),
  },
  COLD_JOIN,
  { name: 'fast-failing', load: 0.5, seconds: 30, instances: withOdd({ failing: true }), odd: ODD },
  {
    name: 'frozen',
    load: 0.3,
    seconds: 30,
    instances: allOrdinary,
    odd: ODD,
    oddFrom: 7,
    story: ({ simulation, instances }) => simulation.at(5_000, () => instances.at(-1)?.pause(Infinity)),
  },
  { name: 'overload', load: 1.2, seconds: 15, instances: allOrdinary },
];
