import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { OwnRegistry } from '../own-registry.js';
import { Pinned } from '../pinned.js';
import { temporaryFolder } from '../temporary-folder.js';
import type { Backends, BackendsOptions } from './backends.js';
import { createIssuer } from './issuer.js';
import { LoadProcess } from './load-process.js';
import { MANY, packageOf } from './many-routes.js';
import { Programs } from './programs.js';
import type { Surroundings } from './subject.js';

const SERVICES = { gateway: [], blog: ['trellis.blog.v1'], posts: [] };

/** Everything around the subjects: registries, backends that have announced themselves, and the load. */
export class Stage {
  private constructor(
    readonly registry: OwnRegistry,
    /** The one that hears of 995 more routes when the backends are told to announce them. */
    readonly large: OwnRegistry,
    readonly load: LoadProcess,
    readonly surroundings: Surroundings,
    readonly backends: Pinned,
  ) {}

  static async set(say: (line: string) => void): Promise<Stage> {
    say('starting the registries');
    const many = Object.fromEntries(MANY.map((service) => [service, [packageOf(service)]]));
    const [registry, large] = await Promise.all([
      OwnRegistry.start(SERVICES),
      OwnRegistry.start({ ...SERVICES, ...many }),
    ]);
    const { issuer, token } = createIssuer();
    const options: BackendsOptions = {
      keys: issuer.keys,
      registries: [registry, large].map((each) => ({ blog: each.access('blog'), posts: each.access('posts') })),
      many: Object.fromEntries(MANY.map((service) => [service, large.access(service)])),
    };
    const file = join(import.meta.dirname, 'backends.js');
    const process = new Pinned('load', [file, JSON.stringify(options)], inheritedEnv());
    const backends = await process.hear<Backends, 'backends'>('backends', 60_000);
    const surroundings = { backends, token, issuer, folder: temporaryFolder(), programs: new Programs(say) };
    return new Stage(registry, large, new LoadProcess(), surroundings, process);
  }

  async clear(): Promise<void> {
    await Promise.all([this.load.kill(), this.backends.kill(), this.registry.end(), this.large.end()]);
  }
}
