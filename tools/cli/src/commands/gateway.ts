import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@trellis/launch';
import { type Command, InvalidArgumentError } from 'commander';
import { Failure } from '../failure.js';
import { fetchJson } from '../fetch-json.js';
import { explanation, overview, routeList } from '../gateway-answers.js';
import { explanationTable, overviewTable, routesTable } from '../gateway-tables.js';
import { RegistryApi } from '../registry-api.js';
import type { Target } from '../target.js';
import { type AddCommand, type Options, collect } from './context.js';

interface RouteOptions extends Options {
  readonly admin?: string;
  readonly header?: readonly string[];
}

export const addGateway: AddCommand = (program, { terminal, find }) => {
  const gateway = program.command('gateway').description('check a gateway.yaml, and ask a gateway about its routes');
  gateway
    .command('check')
    .description('say what a gateway.yaml defines, or everything that is wrong with it; needs no platform')
    .argument('<file>', 'its path')
    .action(async (file: string, _, command: Command) => {
      const text = await check(file);
      const { json } = command.optsWithGlobals<Options>();
      terminal.print(json ? text.trimEnd() : overviewTable(overview.parse(JSON.parse(text))));
    });
  gateway
    .command('schema')
    .description('print the JSON schema of a gateway.yaml, for editors')
    .action(async () => terminal.print((await check('--schema')).trimEnd()));
  gateway
    .command('routes')
    .description('list all routes, or say which one a request would take and why')
    .argument('[method]', 'of the request, such as GET')
    .argument('[url]', 'http://HOST/PATH?QUERY, or the path alone')
    .option('--header <name:value>', 'that the request has; repeatable', headerLine)
    .option('--admin <url>', 'admin port of the gateway; the registry knows it unless it is out of reach', adminUrl)
    .action(async (method: string | undefined, url: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<RouteOptions>();
      if (method !== undefined && url === undefined) throw new Failure('Give a method and a URL: GET http://HOST/PATH');
      const page = new URL('/routes', options.admin ?? (await adminOf(find(options))));
      if (url !== undefined) page.search = `${new URLSearchParams({ method: method ?? 'GET', url })}`;
      for (const header of options.header ?? []) page.searchParams.append('header', header);
      const answer = await fetchJson(page);
      if (options.json) terminal.print(JSON.stringify(answer, null, 2));
      else if (url === undefined) terminal.print(routesTable(routeList.parse(answer)));
      else terminal.print(explanationTable(`${method?.toUpperCase()} ${url}`, explanation.parse(answer)));
    });
};

/** The gateway's own eyes: what it would refuse is refused here, in the same words. */
function check(argument: string): Promise<string> {
  const entry = join(root, 'apps/gateway/dist/check.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [entry, argument], (error, stdout, stderr) => {
      if (error) reject(new Failure(stderr.trimEnd() || error.message));
      else resolve(stdout);
    });
  });
}

/** Where the first gateway that takes calls has its admin port, as it has told the registry. */
async function adminOf(platform: Target): Promise<string> {
  const { instances } = (await new RegistryApi(platform.registryUrl()).instances('gateway')).message;
  const admin = instances.map(({ metadata }) => metadata['admin']).find((address) => address !== undefined);
  if (admin === undefined) throw new Failure('No gateway has told the registry its admin port: give --admin');
  return `http://${admin}`;
}

function headerLine(value: string, before?: readonly string[]): string[] {
  if (!/^[^:\s]+:/.test(value)) throw new InvalidArgumentError('Write it as NAME:VALUE.');
  return collect(value, before);
}

function adminUrl(value: string): string {
  if (URL.parse(value)?.protocol !== 'http:') throw new InvalidArgumentError('Write it as http://HOST:PORT.');
  return value;
}
