import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { OwnRegistry } from '../own-registry.js';
import { Pinned } from '../pinned.js';
import { temporaryFolder } from '../temporary-folder.js';
import type { Backends, BackendsOptions } from './backends.js';
import { createIssuer } from './issuer.js';
import { LoadProcess } from './load-process.js';
import { Programs } from './programs.js';
import type { Surroundings } from './subject.js';

const SERVICES = { gateway: [], blog: ['trellis.blog.v1'], posts: [] };

/** Everything around the subjects: a registry, backends that have announced themselves, and the load. */
export class Stage {
  private constructor(
    readonly registry: OwnRegistry,
    readonly load: LoadProcess,
    readonly surroundings: Surroundings,
    private readonly backends: Pinned,
  ) {}

  static async set(say: (line: string) => void): Promise<Stage> {
    say('starting the registry');
    const registry = await OwnRegistry.start(SERVICES);
    const { issuer, token } = createIssuer();
    const options: BackendsOptions = {
      keys: issuer.keys,
      blog: registry.access('blog'),
      posts: registry.access('posts'),
    };
    const file = join(import.meta.dirname, 'backends.js');
    const process = new Pinned('load', [file, JSON.stringify(options)], inheritedEnv());
    const backends = await process.hear<Backends, 'backends'>('backends', 60_000);
    const surroundings = { backends, token, issuer, folder: temporaryFolder(), programs: new Programs(say) };
    return new Stage(registry, new LoadProcess(), surroundings, process);
  }

  async clear(): Promise<void> {
    await Promise.all([this.load.kill(), this.backends.kill(), this.registry.end()]);
  }
}
