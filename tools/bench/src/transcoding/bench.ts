import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Bench, Row } from '../report.js';
import { SAMPLES } from './posts.js';
import type { Slice, SliceResult } from './process.js';
import { SUBJECTS, type Subject } from './subjects.js';

const SUBJECT_NAMES = Object.keys(SUBJECTS) as Subject[];
const CASES = (Object.keys(SAMPLES) as Slice['sample'][]).flatMap((sample) =>
  (['decode', 'encode'] as const).map((direction) => ({ name: `${sample}-${direction}`, sample, direction })),
);

/** What it costs to make protobuf of JSON, and JSON of protobuf. Each subject has a process of its own. */
export const bench: Bench = async ({ say, quick }) => {
  const [warmUp, slice, rounds] = quick ? [500, 100, 6] : [1_500, 250, 12];
  const processes = new Map<Subject, ChildProcess>();
  const costs = new Map<string, number[]>();
  try {
    for (const subject of SUBJECT_NAMES) {
      const child = fork(join(import.meta.dirname, 'process.js'), [subject], { execArgv: [] });
      processes.set(subject, child);
      await once(child, 'message', { signal: AbortSignal.timeout(30_000) });
    }
    for (let round = 0; round <= rounds; round++) {
      say(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const { name, sample, direction } of CASES) {
        for (const [subject, child] of processes) {
          child.send({ sample, direction, ms: round === 0 ? warmUp : slice } satisfies Slice);
          const [{ cpu, runs }] = (await once(child, 'message')) as [SliceResult];
          const key = keyOf(name, subject);
          if (round > 0) costs.set(key, [...(costs.get(key) ?? []), cpu / runs]);
        }
      }
    }
  } finally {
    for (const child of processes.values()) child.disconnect();
  }
  const cost = (name: string, subject: Subject): number => median(costs.get(keyOf(name, subject)) ?? []);
  return {
    rows: CASES.flatMap(({ name }) =>
      SUBJECT_NAMES.map((subject): Row => ({
        case: name,
        subject,
        metric: 'cpu',
        value: cost(name, subject),
        unit: 'µs',
      })),
    ),
    notes: [
      `trellis takes of protobufjs's time: ${CASES.map(({ name }) => `${(cost(name, 'trellis') / cost(name, 'protobufjs')).toFixed(2)} for ${name}`).join(', ')}.`,
      'From the bytes of a body to a binary message, and back: to bytes for trellis, to text only for the others.',
    ],
  };
};

const keyOf = (name: string, subject: Subject): string => `${name} ${subject}`;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
