import { Worker } from 'node:worker_threads';
import { monotonic } from '../clock.js';
import { threadTimesOf } from '../cpu.js';
import { Connection } from './connection.js';
import {
  CONNECTIONS,
  type Faults,
  type LoadOrder,
  type LoadReport,
  type Paced,
  type Saturated,
  type Target,
} from './orders.js';
import type { Beat } from './metronome.js';
import { requests } from './traffic.js';

/** How long the last answers of a slice are waited for, in milliseconds. */
const PATIENCE = 5_000;

/** Counts faults and remembers the first. */
class FaultCount implements Faults {
  errors = 0;
  first?: string;

  add(fault: string | undefined): void {
    if (fault === undefined) return;
    this.errors += 1;
    this.first ??= fault;
  }
}

async function open(
  { port }: Target,
  answered: (connection: Connection, fault: string | undefined) => void,
  many = CONNECTIONS,
): Promise<Connection[]> {
  const connections = Array.from({ length: many }, () => new Connection(port, answered));
  await Promise.all(connections.map((connection) => connection.open()));
  return connections;
}

async function attempt(target: Target): Promise<LoadReport> {
  const faults = new FaultCount();
  for (const request of requests(target)) {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const [connection] = await open(target, (_, fault) => resolve(fault), 1);
    connection?.send(request);
    const timer = setTimeout(() => resolve('no answer'), PATIENCE);
    faults.add(await promise);
    clearTimeout(timer);
    connection?.close();
  }
  return { kind: 'tried', ...faults };
}

/** CPU time is taken while the load is on: neither connecting nor the last answers count. */
async function saturate(target: Target, ms: number): Promise<Saturated> {
  const texts = requests(target);
  const faults = new FaultCount();
  let answers = 0;
  let sent = 0;
  let over = false;
  const send = (connection: Connection): void => {
    if (!over && !connection.closed) connection.send(texts[sent++ % texts.length] as Buffer);
  };
  const connections = await open(target, (connection, fault) => {
    answers += 1;
    faults.add(fault);
    send(connection);
  });
  connections.forEach(send);
  await sleep(50); // until all of them are under way
  const before = threadTimesOf(target.pid);
  const [began, first] = [monotonic(), answers];
  await sleep(ms);
  const [ended, last] = [monotonic(), answers];
  const after = threadTimesOf(target.pid);
  over = true;
  for (let waited = 0; answers < sent && waited < PATIENCE; waited += 5) await sleep(5);
  if (answers < sent) faults.add('no answer');
  connections.forEach((connection) => connection.close());
  const wanted = [...after.wanted].map(([thread, time]) => time - (before.wanted.get(thread) ?? 0));
  return {
    kind: 'saturated',
    requests: last - first,
    ms: ended - began,
    cpu: after.ran - before.ran,
    busy: Math.min(1, Math.max(...wanted) / 1e3 / (ended - began)), // a wait counts whole in the slice that it ends in
    ...faults,
  };
}

/** A request that finds no free connection waits for one, and its time runs from when it was due. */
async function pace(target: Target, beat: Beat): Promise<Paced> {
  const texts = requests(target);
  const faults = new FaultCount();
  const latencies: number[] = [];
  const waiting: number[] = [];
  const idle: Connection[] = [];
  const dueOf = new Map<Connection, number>();
  let next = 0;
  const send = (connection: Connection, due: number): void => {
    dueOf.set(connection, due);
    connection.send(texts[next++ % texts.length] as Buffer);
  };
  const connections = await open(target, (connection, fault) => {
    const due = dueOf.get(connection);
    if (due !== undefined) latencies.push(monotonic() - due);
    dueOf.delete(connection);
    faults.add(fault);
    if (connection.closed) return;
    const oldest = waiting.shift();
    if (oldest === undefined) idle.push(connection);
    else send(connection, oldest);
  });
  idle.push(...connections);
  const metronome = new Worker(new URL('./metronome.js', import.meta.url), { workerData: beat });
  metronome.on('message', (due: number) => {
    const connection = idle.pop();
    if (connection) send(connection, due);
    else waiting.push(due);
  });
  await new Promise((resolve) => metronome.once('exit', resolve));
  for (let waited = 0; dueOf.size > 0 && waited < PATIENCE; waited += 20) await sleep(20);
  for (const _ of [...dueOf.keys(), ...waiting]) faults.add('no answer');
  connections.forEach((connection) => connection.close());
  return { kind: 'paced', latencies, ...faults };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function obey(order: LoadOrder): Promise<LoadReport> {
  switch (order.kind) {
    case 'try':
      return attempt(order.target);
    case 'saturate':
      return saturate(order.target, order.ms);
    case 'pace':
      return pace(order.target, { rate: order.rate, ms: order.ms });
  }
}

process.on('message', (order: LoadOrder) => void obey(order).then((report) => process.send?.(report)));
process.on('disconnect', () => process.exit());
