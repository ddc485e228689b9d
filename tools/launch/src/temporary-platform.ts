import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, type PlatformOptions, startPlatform } from './platform.js';

/** A platform of its own on free ports, for the demo and the tests. `stop()` also deletes its data. */
export async function temporaryPlatform(options: Omit<PlatformOptions, 'folder'> = {}): Promise<Platform> {
  const folder = await mkdtemp(join(tmpdir(), 'trellis-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const platform = await startPlatform({ ...options, folder });
    return { ...platform, stop: () => platform.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
