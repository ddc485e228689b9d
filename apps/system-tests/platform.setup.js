import { temporaryPlatform } from '@trellis/launch';
import { join } from 'node:path';

const callPoliciesFile = join(import.meta.dirname, 'call-policies.yaml');

/**
 * Starts the platform that the stories share, from what `npm run build` has compiled, and hands it to them as a global:
 * they run in this process (`--runInBand`), one after the other.
 */
export async function startShared(globals, options = {}) {
  const start = performance.now();
  const say = (line) => console.log(`platform: ${line}`);
  globals.trellis = await temporaryPlatform({ say, callPoliciesFile, ...options });
  globalThis.trellis = globals.trellis; // for the teardown
  say(`took ${((performance.now() - start) / 1000).toFixed(1)} s to start, its data is in ${globals.trellis.folder}`);
}

export default (_, { globals }) => startShared(globals);
