import type { MethodPolicy } from '@trellis/contracts';
import type { Directory, Instance } from '@trellis/discovery';
import { notFound, unavailable } from '@trellis/errors';
import { GRACE_MS } from './contract-follower.js';
import { compareVersions } from './newest-instance.js';

/** Where an instance says which scopes its callers' tokens must hold, with spaces between; without it anybody may call. */
const SCOPES = 'trellis.scopes';

/** Reached at paths of their own, and nowhere else: a gateway shall not call itself. */
export const NOT_PASSED_ON: ReadonlySet<string> = new Set(['gateway', 'auth']);

interface Version {
  /** What callers must have: all that any of its instances asks for. */
  readonly needed: MethodPolicy | undefined;
  /** Epoch milliseconds since when no instance is known. */
  readonly vanishedAt: number | undefined;
}

/** The versions of the registered services that speak HTTP, kept ready: no request looks through all that is registered. */
export class HttpServices {
  readonly #directory: Directory;
  readonly #now: () => number;
  readonly #services = new Map<string, Map<string, Version>>();

  /** `now` in epoch milliseconds. Follows the directory until that is closed. */
  constructor(directory: Directory, now: () => number) {
    this.#directory = directory;
    this.#now = now;
    for (const [service, instances] of Map.groupBy(directory.all(), (each) => each.service)) {
      this.#take(service, instances);
    }
    directory.onChange((service) => {
      const instances = this.#directory.all().filter((each) => each.service === service);
      this.#take(service, instances);
    });
  }

  /**
   * What callers of the version must have. Throws NOT_FOUND with reason NO_SERVICE or NO_VERSION, and UNAVAILABLE while its
   * last instance has only just left.
   */
  needed(service: string, version: string): MethodPolicy | undefined {
    const versions = this.#services.get(service);
    const found = versions?.get(version);
    if (found && found.vanishedAt === undefined) return found.needed;
    if (found && !this.#isOver(found)) {
      throw unavailable(`No instance of ${service} ${version} is there now`, { reason: 'NO_INSTANCE' });
    }
    const there = [...(versions ?? [])].flatMap(([name, { vanishedAt }]) => (vanishedAt === undefined ? [name] : []));
    if (there.length === 0) {
      throw notFound(`No service ${service} that speaks HTTP is registered`, { reason: 'NO_SERVICE' });
    }
    there.sort(compareVersions);
    const message = `${service} has no version ${version}; there is ${there.join(', ')}`;
    throw notFound(message, { reason: 'NO_VERSION', metadata: { versions: there.join(' ') } });
  }

  #take(service: string, instances: readonly Instance[]): void {
    if (NOT_PASSED_ON.has(service)) return;
    const versions = new Map<string, Version>();
    const speaking = instances.filter(({ protocol }) => protocol === 'http');
    for (const [version, all] of Map.groupBy(speaking, (each) => each.version)) {
      versions.set(version, { needed: neededBy(all), vanishedAt: undefined });
    }
    for (const [version, before] of this.#services.get(service) ?? []) {
      const gone = { ...before, vanishedAt: before.vanishedAt ?? this.#now() };
      if (!versions.has(version) && !this.#isOver(gone)) versions.set(version, gone);
    }
    if (versions.size > 0) this.#services.set(service, versions);
    else this.#services.delete(service);
  }

  #isOver({ vanishedAt }: Version): boolean {
    return vanishedAt !== undefined && this.#now() - vanishedAt >= GRACE_MS;
  }
}

function neededBy(instances: readonly Instance[]): MethodPolicy | undefined {
  const asked = instances.flatMap(({ metadata }) => metadata[SCOPES] ?? []);
  if (asked.length === 0) return undefined;
  const scopes = new Set(asked.flatMap((text) => text.split(' ').filter((scope) => scope !== '')));
  return { public: false, scopes: [...scopes], callers: [], repeatable: false };
}
