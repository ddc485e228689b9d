import { Command, InvalidArgumentError, Option } from 'commander';
import { SCENARIOS, type ScenarioName } from './scenarios.js';

export interface LoadArguments {
  readonly url?: string;
  readonly scenario: ScenarioName;
  readonly rate: number;
  readonly duration: number;
  readonly grpc: number;
  readonly report?: string;
  readonly maxFailed: number;
  readonly json: boolean;
}

export function parseArguments(argv: readonly string[]): LoadArguments {
  return new Command('npm run load --')
    .description(
      'Sends requests at a fixed rate, whether or not earlier ones were answered, and tells what became of them.',
    )
    .option('--url <url>', 'gateway of another platform than the one that runs from this folder', httpUrl)
    .addOption(new Option('--scenario <name>', 'what is asked for').choices(SCENARIOS).default('mixed'))
    .option('--rate <n>', 'requests a second', number(0.1, 20_000), 50)
    .option('--duration <seconds>', 'how long', number(1, 86_400), 30)
    .option('--grpc <share>', 'share of the reads, 0 to 1, that are gRPC calls past the gateway', number(0, 1), 0)
    .option('--report <file>', 'write an HTML page with plots')
    .option('--max-failed <n>', 'exit code 1 when more failed', number(0, 1e9), 0)
    .option('--json', 'print JSON for programs, and nothing while it runs', false)
    .parse(argv, { from: 'user' })
    .opts<LoadArguments>();
}

const number =
  (least: number, most: number) =>
  (value: string): number => {
    const parsed = Number(value);
    if (value.trim() === '' || !(parsed >= least && parsed <= most)) {
      throw new InvalidArgumentError(`A number from ${least} to ${most}.`);
    }
    return parsed;
  };

function httpUrl(value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('Write it as http://HOST:PORT.');
  return url.origin;
}
