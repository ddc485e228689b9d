import { Command, InvalidArgumentError } from 'commander';
import type { Context } from './commands/context.js';
import { addContracts } from './commands/contracts.js';
import { addCredentialCommand } from './commands/credential.js';
import { addDrain } from './commands/drain.js';
import { addGateway } from './commands/gateway.js';
import { addInstances } from './commands/instances.js';
import { addRollout } from './commands/rollout.js';
import { addServices } from './commands/services.js';
import { addToken } from './commands/token.js';
import { addWatch } from './commands/watch.js';
import { type Target, type TargetOptions, target } from './target.js';
import type { Terminal } from './terminal.js';

const COMMANDS = [
  addServices,
  addInstances,
  addWatch,
  addDrain,
  addRollout,
  addContracts,
  addCredentialCommand,
  addToken,
  addGateway,
];

/** The command line. `find` says where the platform is. */
export function createProgram(terminal: Terminal, find: (options: TargetOptions) => Target = target): Command {
  const context: Context = { terminal, find };
  const program = new Command('npm run trellis --')
    .description('Looks at a running platform, changes who takes calls, and gets credentials and tokens.')
    .option('--url <url>', 'gateway of another platform than the one that runs from this folder', httpUrl)
    .option('--registry <url>', 'its registry over HTTP', httpUrl)
    .option('--clients <file>', 'its file of OAuth clients')
    .option('--json', 'print JSON for programs');
  for (const add of COMMANDS) add(program, context);
  return program;
}

function httpUrl(value: string): string {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
    throw new InvalidArgumentError('Write it as http://HOST:PORT.');
  return value;
}
