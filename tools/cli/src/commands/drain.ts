import type { Instance } from '@trellis/contracts/registry/v1';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { stateName } from '../live-list.js';
import { operatorToken } from '../operator-token.js';
import { RegistryApi } from '../registry-api.js';
import { type AddCommand, type Options, show } from './context.js';

export const addDrain: AddCommand = (program, context) => {
  const commands = [
    ['drain', 'take an instance out of the rotation: it finishes what it has and gets nothing new'],
    ['undrain', 'put an instance back that was taken out'],
  ] as const;
  for (const [name, description] of commands) {
    program
      .command(name)
      .description(description)
      .argument('<instance>', 'its id, such as blog-1')
      .action(async (id: string, _, command: Command) => {
        const options = command.optsWithGlobals<Options>();
        const platform = context.find(options);
        const api = new RegistryApi(platform.registryUrl());
        const instance = await instanceCalled(id, api);
        const answer = await api[name](instance, await operatorToken(platform));
        const state = answer.message.instance?.state ?? instance.state;
        show(context, options, answer, () => `${id} of ${instance.service} is ${stateName(state)} now`);
      });
  }
};

/** The id alone says enough: it is unique among all instances of all services. */
async function instanceCalled(id: string, api: RegistryApi): Promise<Instance> {
  const { services } = (await api.services()).message;
  const lists = await Promise.all(
    services
      .filter(({ instances }) => instances > 0)
      .map(async ({ name }) => (await api.instances(name)).message.instances),
  );
  const all = lists.flat();
  const found = all.find((instance) => instance.id === id);
  if (found) return found;
  throw new Failure(`No instance is called ${id}. There are: ${all.map((instance) => instance.id).join(', ')}`);
}
