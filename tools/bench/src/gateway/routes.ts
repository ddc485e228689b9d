import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../report.js';
import type { BackendsReport } from './backends.js';
import { Contender } from './contender.js';
import { LAST_PATH } from './many-routes.js';
import type { Stage } from './stage.js';
import { trellis } from './trellis.js';

/** Milliseconds of each part; `slices` of each gateway before, and as many after. */
export interface RoutesSize {
  readonly warmUp: number;
  /** Once more, when the routes are there. */
  readonly warmUpAgain: number;
  readonly slice: number;
  readonly slices: number;
}

const WITHIN = 60_000;

/**
 * What 1,000 routes cost more than the five of the blog service. Two processes of the same program differ by more than the 2 %
 * that are to be seen, so it is one process before and after it learns the other routes, over what became meanwhile of another
 * one that learns nothing. The better slices of many short ones are compared: what disturbs a machine only ever adds.
 */
export async function routesRows(stage: Stage, { warmUp, warmUpAgain, slice, slices }: RoutesSize): Promise<Row[]> {
  const { registry, large, surroundings, load } = stage;
  const gateways = await Promise.all(
    [large, registry].map((each) => trellis({ cases: [], registry: each.access('gateway') }).start(surroundings)),
  );
  const pair = async (warming: number): Promise<[Contender, Contender]> => {
    const subject = { name: 'trellis', cases: [], warmsUp: true, start: () => Promise.reject(new Error('it runs')) };
    const [grows, stays] = await Promise.all(
      gateways.map((running) => Contender.tried(subject, running, surroundings.token, load)),
    );
    if (!grows || !stays) throw new Error('There are two gateways');
    for (const one of [grows, stays]) await one.warmUp(warming);
    for (let round = 0; round < slices; round++) {
      for (const one of round % 2 ? [grows, stays] : [stays, grows]) await one.saturate(slice);
    }
    return [grows, stays];
  };
  try {
    const [grewNot, stayed] = await pair(warmUp);
    stage.backends.send({ kind: 'announce-many' });
    await stage.backends.hear<BackendsReport, 'announced'>('announced', WITHIN);
    await learnt(gateways[0]?.port ?? 0);
    const [grew, staysOn] = await pair(warmUpAgain);
    const change = grew.leastCpu / grewNot.leastCpu / (staysOn.leastCpu / stayed.leastCpu);
    const row = { subject: 'trellis', metric: 'cpu', unit: 'µs' };
    return [
      { ...row, case: 'routes-1', value: grewNot.leastCpu },
      { ...row, case: 'routes-1', metric: 'errors', value: grewNot.errors + stayed.errors, unit: '' },
      { ...row, case: 'routes-1000', value: grewNot.leastCpu * change },
      { ...row, case: 'routes-1000', metric: '÷ routes-1', value: change, unit: '' },
      { ...row, case: 'routes-1000', metric: 'errors', value: grew.errors + staysOn.errors, unit: '' },
    ];
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.process.kill()));
  }
}

/** Resolves when the gateway knows the last of the many routes: it wants a token then. */
async function learnt(port: number): Promise<void> {
  for (let waited = 0; waited < WITHIN; waited += 100) {
    const answer = await fetch(`http://127.0.0.1:${port}${LAST_PATH}`);
    await answer.arrayBuffer();
    if (answer.status !== 404) return;
    await sleep(100);
  }
  throw new Error('The gateway has not learnt the many routes');
}
