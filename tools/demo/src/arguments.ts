import { Command, InvalidArgumentError } from 'commander';

export interface Arguments {
  readonly url?: string;
  readonly jaeger?: string;
  readonly registry?: string;
}

export function parseArguments(argv: readonly string[]): Arguments {
  return new Command('npm run demo --')
    .description('Tells what the platform does, step by step, and checks each step. Starts a platform of its own.')
    .option('--url <url>', 'use the running platform whose gateway is there', address)
    .option('--jaeger <url>', 'its traces, when they are not those of npm start in this folder', address)
    .option('--registry <url>', 'its registry over HTTP, when it is not that of npm start in this folder', address)
    .parse(argv, { from: 'user' })
    .opts<Arguments>();
}

function address(value: string): string {
  if (!URL.canParse(value) || !/^https?:/.test(value)) {
    throw new InvalidArgumentError('Write it as http://HOST:PORT.');
  }
  return value.replace(/\/$/, '');
}
