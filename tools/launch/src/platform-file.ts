import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from './config.js';
import { dataFolder } from './data-folder.js';
import { bornAt } from './process-birth.js';
import { SECRETS, credentialsFileIn } from './secrets.js';

const schema = z.object({
  pid: z.number().int().positive(),
  born: z.string(),
  gatewayUrl: z.string(),
  jaegerUrl: z.string(),
  registryUrl: z.string(),
  /** `host:port` of the registry's gRPC. */
  registryGrpc: z.string(),
  clientsFile: z.string(),
  /** Where the launcher takes orders. */
  control: z.object({ url: z.string(), secret: z.string() }),
});

/** Where a running platform is, for the commands that talk to it. */
export type PlatformFile = z.infer<typeof schema>;

const fileIn = (folder: string): string => join(folder, 'platform.json');

/** What the folder's running platform wrote, or undefined when none is ready. */
export function runningPlatform(folder: string): PlatformFile | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(fileIn(folder), 'utf8'));
  } catch {
    return undefined; // no file: none was started here, or it ended in order
  }
  const parsed = schema.safeParse(content);
  return parsed.success && bornAt(parsed.data.pid) === parsed.data.born ? parsed.data : undefined;
}

/** The platform that `npm start` runs from this checkout, or undefined. */
export const platformHere = (): PlatformFile | undefined =>
  runningPlatform(dataFolder(readConfig().TRELLIS_DATA_DIR).path);

/** The registry's credentials of the platform that `npm start` runs from this checkout, also while it does not run. */
export const credentialsFileHere = (): string =>
  credentialsFileIn(join(dataFolder(readConfig().TRELLIS_DATA_DIR).path, SECRETS));

/** Says that this process's platform is ready. The file appears whole or not at all. */
export function writePlatformFile(folder: string, addresses: Omit<PlatformFile, 'pid' | 'born'>): void {
  const content = schema.parse({ ...addresses, pid: process.pid, born: bornAt(process.pid) ?? '' });
  const path = fileIn(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removePlatformFile(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}
