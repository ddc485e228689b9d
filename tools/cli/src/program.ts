import { Command, InvalidArgumentError } from 'commander';
import { listInstances, listServices } from './registry-lists.js';
import { instancesTable, servicesTable } from './tables.js';
import { type Target, type TargetOptions, target } from './target.js';
import { Failure } from './failure.js';
import { clientToken, userToken } from './token.js';

interface Options extends TargetOptions {
  readonly json?: true;
}

interface TokenOptions extends Options {
  readonly username?: string;
  readonly password?: string;
  readonly scope?: string;
}

/** The command line. `print` gets what belongs on stdout; `find` says where the platform is. */
export function createProgram(print: (text: string) => void, find: (options: Options) => Target = target): Command {
  const program = new Command('npm run trellis --')
    .description('Looks at a running platform, and gets tokens for it.')
    .option('--url <url>', 'gateway of another platform than the one that runs from this folder', httpUrl)
    .option('--registry <url>', 'its registry over HTTP', httpUrl)
    .option('--clients <file>', 'its file of OAuth clients')
    .option('--json', 'print JSON for programs');
  const show = (options: Options, listing: { json: unknown }, table: () => string) =>
    print(options.json ? JSON.stringify(listing.json, null, 2) : table());

  program
    .command('services')
    .description('list the services that the registry knows')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const listing = await listServices(find(options).registryUrl());
      show(options, listing, () => servicesTable(listing.message.services));
    });

  program
    .command('instances')
    .description('list the instances of a service')
    .argument('<service>', 'its name, such as blog')
    .action(async (service: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const listing = await listInstances(find(options).registryUrl(), service);
      show(options, listing, () => instancesTable(listing.message.instances));
    });

  program
    .command('token')
    .description('print an access token: of a person, or of the development client')
    .option('--username <name>', 'log in as this person')
    .option('--password <password>', 'with this password')
    .option('--scope <scopes>', 'scopes with a space between; all of them unless told')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<TokenOptions>();
      const token = await getToken(find(options), options);
      print(options.json ? JSON.stringify({ access_token: token }) : token);
    });

  return program;
}

async function getToken(platform: Target, { username, password, scope }: TokenOptions): Promise<string> {
  if (username === undefined && password === undefined) {
    return await clientToken(platform.gatewayUrl(), platform.clientsFile(), scope);
  }
  if (username === undefined || password === undefined) throw new Failure('Give --username and --password together');
  return await userToken(platform.gatewayUrl(), { username, password, ...(scope !== undefined && { scope }) });
}

function httpUrl(value: string): string {
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? ''))
    throw new InvalidArgumentError('Write it as http://HOST:PORT.');
  return value;
}
