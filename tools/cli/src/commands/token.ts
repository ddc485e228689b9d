import type { Command } from 'commander';
import { Failure } from '../failure.js';
import type { Target } from '../target.js';
import { clientToken, userToken } from '../token.js';
import type { AddCommand, Options } from './context.js';

interface TokenOptions extends Options {
  readonly username?: string;
  readonly password?: string;
  readonly scope?: string;
}

export const addToken: AddCommand = (program, { terminal, find }) => {
  program
    .command('token')
    .description('print an access token: of a person, or of the development client')
    .option('--username <name>', 'log in as this person')
    .option('--password <password>', 'with this password')
    .option('--scope <scopes>', 'scopes with a space between; unless told all of them, but those for operators')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<TokenOptions>();
      const token = await getToken(find(options), options);
      terminal.print(options.json ? JSON.stringify({ access_token: token }) : token);
    });
};

async function getToken(platform: Target, { username, password, scope }: TokenOptions): Promise<string> {
  if (username === undefined && password === undefined) {
    return await clientToken(platform.gatewayUrl(), platform.clientsFile(), scope);
  }
  if (username === undefined || password === undefined) throw new Failure('Give --username and --password together');
  return await userToken(platform.gatewayUrl(), { username, password, ...(scope !== undefined && { scope }) });
}
