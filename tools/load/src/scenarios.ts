import type { Asked, GatewayClient } from './gateway-client.js';
import type { Operation } from './generate.js';
import type { GrpcClient } from './grpc-client.js';
import type { Person } from './person.js';

export const SCENARIOS = ['browse', 'write', 'mixed', 'login'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** Who asks, and through what. */
export interface Actors {
  readonly gateway: GatewayClient;
  readonly person: Person;
  /** Where a share of the reads goes past the gateway. */
  readonly grpc?: GrpcClient | undefined;
  /** That share, from 0 to 1. */
  readonly grpcShare: number;
}

/** Posts that are there before the load begins, to be read. */
const POSTS = 20;
/** Of the mixed scenario, as of most sites: for each write four reads. */
const WRITES = 0.2;
const TEXT = 'Once upon a time there was a load that came whether or not the last one had been answered. '.repeat(3);

/** What may be asked for, by its name; weights add up to 1. */
export type Mix = readonly (readonly [weight: number, operation: Operation])[];

/** Writes the posts that are to be read, and says what the scenario asks for. Throws when the platform will not. */
export async function scenario(name: ScenarioName, { gateway, person, grpc, grpcShare }: Actors): Promise<Mix> {
  const ask = (asked: Omit<Asked, 'token'>) => gateway.ask({ ...asked, token: person.token() });
  const create = { method: 'POST', path: '/v1/posts', body: { title: 'A load', content: TEXT } } as const;
  const rest = (name: string, asked: Omit<Asked, 'token'>): Operation => ({
    name,
    run: async () => (await ask(asked)).outcome,
  });
  const login: Operation = { name: 'log in', run: () => person.logIn().then(() => 'ok', messageOf) };
  if (name === 'login') return [[1, login]];

  const write = rest('create', create);
  if (name === 'write') return [[1, write]];
  const ids: string[] = [];
  for (let count = 0; count < POSTS; count += 1) {
    const { outcome, body } = await ask(create);
    if (outcome !== 'ok') throw new Error(`Writing a post is answered with ${outcome}`);
    ids.push((body as { id: string }).id);
  }
  let turn = 0;
  const nextId = (): string => ids[turn++ % POSTS] ?? '';
  const reads: Mix = [
    [0.7, { name: 'read', run: async () => (await ask({ method: 'GET', path: `/v1/posts/${nextId()}` })).outcome }],
    [0.3, rest('list', { method: 'GET', path: '/v1/posts?page_size=10' })],
  ];
  const calls: Mix = grpc
    ? [
        [0.7, { name: 'gRPC read', run: () => grpc.read(person.token, nextId())() }],
        [0.3, { name: 'gRPC list', run: grpc.list(person.token) }],
      ]
    : [];
  const all = [...times(reads, 1 - grpcShare), ...times(calls, grpcShare)];
  return name === 'browse' ? all : [...times(all, 1 - WRITES), [WRITES, write]];
}

const times = (mix: Mix, factor: number): Mix => mix.map(([weight, operation]) => [weight * factor, operation]);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The operation that a number in [0, 1) stands for. */
export function pickFrom(mix: Mix, random: number): Operation {
  let left = random * mix.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, operation] of mix) {
    left -= weight;
    if (left < 0) return operation;
  }
  const last = mix.at(-1);
  if (!last) throw new Error('There is nothing to pick from');
  return last[1];
}
