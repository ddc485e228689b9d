import { type Command, InvalidArgumentError } from 'commander';
import { type InstanceFilter, RegistryApi } from '../registry-api.js';
import { instancesTable } from '../tables.js';
import { type AddCommand, type Options, collect, show } from './context.js';

export const addInstances: AddCommand = (program, context) => {
  program
    .command('instances')
    .description('list the instances of a service')
    .argument('<service>', 'its name, such as blog')
    .option('--version <version>', 'only those of this version')
    .option('--zone <zone>', 'only those in this zone')
    .option('--tag <tag>', 'only those with this tag; repeatable, each has to fit', collect)
    .option('--metadata <key=value>', 'only those with this in their metadata; repeatable', pair)
    .action(async (service: string, _, command: Command) => {
      const { version, zone, tag, metadata, ...options } = command.optsWithGlobals<Options & InstanceFilter>();
      const api = new RegistryApi(context.find(options).registryUrl());
      const filter = { version, zone, tag, metadata } as InstanceFilter;
      const answer = await api.instances(service, filter);
      show(context, options, answer, () => instancesTable(answer.message.instances));
    });
};

function pair(value: string, before?: readonly string[]): string[] {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError('Write it as KEY=VALUE.');
  return collect(value, before);
}
