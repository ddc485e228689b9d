import type { Command } from 'commander';
import { RegistryApi } from '../registry-api.js';
import { servicesTable } from '../tables.js';
import { type AddCommand, type Options, show } from './context.js';

export const addServices: AddCommand = (program, context) => {
  program
    .command('services')
    .description('list the services that the registry knows')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const answer = await new RegistryApi(context.find(options).registryUrl()).services();
      show(context, options, answer, () => servicesTable(answer.message.services));
    });
};
