import { root } from '@trellis/launch';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platform } from './platform.js';

const run = promisify(execFile);

/** `npm run trellis -- …` against the shared platform. Resolves with stdout; rejects with what it printed when it failed. */
export async function trellis(...args: readonly string[]): Promise<string> {
  const { gatewayUrl, registryUrl, clientsFile } = platform;
  const there = ['--url', gatewayUrl, '--registry', registryUrl, '--clients', clientsFile];
  const { stdout } = await run(process.execPath, [join(root, 'tools/cli/dist/main.js'), ...there, ...args], {
    timeout: 20_000,
  });
  return stdout;
}
