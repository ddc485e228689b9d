import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, type PlatformOptions, startPlatform } from './platform.js';

/** A platform of its own on free ports, for the demo and the tests. `stop()` also deletes its data. */
export async function temporaryPlatform(options: Omit<PlatformOptions, 'folder'> = {}): Promise<Platform> {
  const folder = await mkdtemp(join(tmpdir(), 'trellis-'));
  await chmod(folder, 0o755); // PostgreSQL's account must get in; what is secret has a closed folder of its own
  const remove = async (elsewhere: readonly string[] = []): Promise<void> => {
    for (const path of [folder, ...elsewhere]) await rm(path, { recursive: true, force: true });
  };
  try {
    const platform = await startPlatform({ ...options, folder });
    const elsewhere = platform.status().flatMap(({ dataDir }) => dataDir ?? []);
    return { ...platform, stop: () => platform.stop().finally(() => remove(elsewhere)) };
  } catch (error) {
    await remove();
    throw error;
  }
}
