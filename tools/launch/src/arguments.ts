import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_REPLICAS } from './topology.js';

export interface StartArguments {
  readonly fresh: boolean;
  readonly replicas: Readonly<Record<string, number>>;
}

/** More instances than this of one service say nothing that fewer do not, on one machine. */
const MAX_REPLICAS = 10;

export function parseArguments(argv: readonly string[]): StartArguments {
  const command = new Command('npm start --')
    .option('--fresh', 'begin anew: delete all data of the earlier starts', false)
    .option('--replicas <service=count>', 'instances of a service, such as blog=3; repeatable', collectReplicas, {})
    .parse(argv, { from: 'user' });
  return command.opts<StartArguments>();
}

function collectReplicas(value: string, before: Record<string, number>): Record<string, number> {
  const [, service = '', count = ''] = /^([a-z-]+)=(\d+)$/.exec(value) ?? [];
  const services = Object.keys(DEFAULT_REPLICAS);
  if (!services.includes(service)) throw new InvalidArgumentError(`Write SERVICE=COUNT with ${services.join(' or ')}.`);
  if (Number(count) < 1 || Number(count) > MAX_REPLICAS) throw new InvalidArgumentError(`1 to ${MAX_REPLICAS}.`);
  return { ...before, [service]: Number(count) };
}
