import type { ContractSummary } from '@trellis/contracts/registry/v1';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { operatorToken } from '../operator-token.js';
import { RegistryApi } from '../registry-api.js';
import { contractsTable } from '../tables.js';
import { type AddCommand, type Options, show } from './context.js';

export const addContracts: AddCommand = (program, context) => {
  const contracts = program
    .command('contracts')
    .description('list the contracts of live instances, those that wait for approval too')
    .argument('[service]', 'only its contracts')
    .action(async (service: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const answer = await new RegistryApi(context.find(options).registryUrl()).contracts(service);
      show(context, options, answer, () => contractsTable(answer.message.contracts));
    });

  contracts
    .command('approve')
    .description('admit a contract that waits: its instances take calls from then on')
    .argument('<hash>', 'its hash, or the beginning of it')
    .action(async (beginning: string, _, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const platform = context.find(options);
      const api = new RegistryApi(platform.registryUrl());
      const { hash } = beginningWith(beginning, (await api.contracts()).message.contracts);
      const answer = await api.approve(hash, await operatorToken(platform));
      const { contract } = answer.message;
      show(context, options, answer, () => contractsTable(contract ? [contract] : []));
    });
};

/** The only contract whose hash begins so. Throws Failure. */
function beginningWith(beginning: string, contracts: readonly ContractSummary[]): ContractSummary {
  const fitting = contracts.filter(({ hash }) => hash.startsWith(beginning.toLowerCase()));
  const [found, ...others] = fitting;
  const hashes = new Set(fitting.map(({ hash }) => hash));
  if (!found) throw new Failure(`No contract begins with ${beginning}. See them with: npm run trellis -- contracts`);
  if (others.length === 0 || hashes.size === 1) return found;
  const list = fitting.map(({ service, hash }) => `${hash} (${service})`).join(', ');
  throw new Failure(`Several contracts begin with ${beginning}: ${list}. Give more of it.`);
}
