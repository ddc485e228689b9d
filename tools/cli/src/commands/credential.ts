import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { addCredential, credentialsFileHere } from '@trellis/launch';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { type AddCommand, type Options, collect } from './context.js';

interface CredentialOptions extends Options {
  readonly package?: readonly string[];
  readonly file?: string;
  readonly replace?: true;
}

export const addCredentialCommand: AddCommand = (program, { terminal }) => {
  program
    .command('credential')
    .description('make the credential with which instances of a service announce themselves, and print it once')
    .argument('<service>', 'the name that they may announce')
    .option('--package <package>', 'proto package of the contracts that they may announce; repeatable', collect)
    .option('--file <file>', "the registry's file of credentials; this folder's platform's unless told")
    .option('--replace', 'end the credential that the service has')
    .action((service: string, _, command: Command) => {
      const { json, package: packages, replace, file: given } = command.optsWithGlobals<CredentialOptions>();
      const file = resolve(given ?? credentialsFileHere());
      if (!existsSync(file)) {
        throw new Failure(`There is no ${file}. Start the platform once with npm start, or give another --file.`);
      }
      const wanted = { service, ...(packages && { packages }), ...(replace && { replace }) };
      const credential = addCredential(file, wanted);
      terminal.print(json ? JSON.stringify({ service, credential, file }) : credential);
      terminal.note(`It is shown this once: only its hash is kept, in ${file}. The registry takes it within a second.`);
    });
};
