import { type PlatformFile, platformHere } from '@trellis/launch';
import { Failure } from './failure.js';

/** Where to find a platform, as given on the command line. */
export interface TargetOptions {
  readonly url?: string;
  readonly registry?: string;
  readonly clients?: string;
}

/** A platform's addresses. Each is asked for only when a command needs it. */
export interface Target {
  readonly gatewayUrl: () => string;
  readonly registryUrl: () => string;
  /** JSON file with the OAuth clients and their secrets. */
  readonly clientsFile: () => string;
  /** Where the launcher of this folder's platform takes orders. Nobody else's can be told anything. */
  readonly control: () => PlatformFile['control'];
}

/** What the command line says, and for the rest the platform that `npm start` runs from this folder. */
export function target(options: TargetOptions, here: () => PlatformFile | undefined = platformHere): Target {
  const platform = (): PlatformFile | undefined => {
    const found = here();
    return found && (options.url === undefined || sameHost(options.url, found.gatewayUrl)) ? found : undefined;
  };
  const find = (given: string | undefined, field: 'gatewayUrl' | 'registryUrl' | 'clientsFile', option: string) => {
    const found = given ?? platform()?.[field];
    if (found !== undefined) return found;
    if (options.url === undefined) throw new Failure('No platform runs from this folder. Start it with npm start.');
    throw new Failure(`${options.url} is not the platform of this folder: give ${option} as well`);
  };
  return {
    gatewayUrl: () => find(options.url, 'gatewayUrl', '--url'),
    registryUrl: () => find(options.registry, 'registryUrl', '--registry'),
    clientsFile: () => find(options.clients, 'clientsFile', '--clients'),
    control: () => {
      const found = platform();
      if (found) return found.control;
      throw new Failure('Only a platform that npm start runs from this folder can be told to replace instances.');
    },
  };
}

const sameHost = (one: string, other: string): boolean => new URL(one).host === new URL(other).host;
