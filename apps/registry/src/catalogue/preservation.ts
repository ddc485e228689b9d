/** Fewer silent instances than this are always evicted: a small service loses them in an ordinary accident. */
const AT_LEAST = 3;
/** Eureka's threshold: https://github.com/Netflix/eureka/wiki/Understanding-Eureka-Peer-to-Peer-Communication */
const SHARE = 0.15;
/** Whoever was silent for so long is gone, whatever has happened to the others. Milliseconds. */
export const HOLD_AT_MOST = 15 * 60_000;

interface Service {
  /** When leases ran out in silence, within the last period; how many of these were evicted. */
  expiries: { readonly at: number; readonly count: number; readonly evicted: number }[];
  readonly held: Set<string>;
  preserved: boolean;
}

/**
 * Self-preservation: where the leases of many instances of one service run out within one period, the network or the
 * registry is more likely broken than all of them, and emptying the pool would break what still works. Only silence
 * counts. It begins when more than max(3, 15 %) of a service's instances fall silent within a period. It ends
 * - when all that are held have been heard of or have left in another way, or
 * - when a whole period has passed without another one falling silent, and no more are held than may be evicted at once;
 *   these leave then.
 * One that was held for 15 minutes leaves in any case. Pure: time is an argument, in milliseconds.
 */
export class Preservation {
  /** One lease. */
  readonly #period: number;
  readonly #services = new Map<string, Service>();

  constructor(period: number) {
    this.#period = period;
  }

  preserved(service: string): boolean {
    return this.#services.get(service)?.preserved ?? false;
  }

  held(service: string): number {
    return this.#services.get(service)?.held.size ?? 0;
  }

  /** The leases of these have just run out in silence, of a service that lists `listed` with them. Whether they are held. */
  expire(name: string, ids: readonly string[], listed: number, now: number): boolean {
    const service = this.#services.get(name) ?? { expiries: [], held: new Set(), preserved: false };
    this.#services.set(name, service);
    service.expiries = service.expiries.filter(({ at }) => now - at < this.#period);
    const recent = sum(service.expiries, 'count') + ids.length;
    if (recent > bearable(listed + sum(service.expiries, 'evicted'))) service.preserved = true;
    const hold = service.preserved;
    service.expiries.push({ at: now, count: ids.length, evicted: hold ? 0 : ids.length });
    if (hold) for (const id of ids) service.held.add(id);
    return hold;
  }

  /** Heard of again, or gone in another way. */
  release(name: string, id: string): void {
    const service = this.#services.get(name);
    if (!service?.held.delete(id)) return;
    if (service.held.size === 0) service.preserved = false;
  }

  /** Services whose preservation is over, each with those that leave now. */
  settle(listed: (service: string) => number, now: number): { readonly service: string; readonly ids: string[] }[] {
    const over = [];
    for (const [name, service] of this.#services) {
      const quiet = service.expiries.every(({ at }) => now - at >= this.#period);
      if (!quiet) continue;
      if (service.preserved && service.held.size > bearable(listed(name))) continue;
      this.#services.delete(name);
      if (service.preserved) over.push({ service: name, ids: [...service.held] });
    }
    return over;
  }
}

const bearable = (listed: number): number => Math.max(AT_LEAST, SHARE * listed);

const sum = (expiries: Service['expiries'], what: 'count' | 'evicted'): number =>
  expiries.reduce((total, expiry) => total + expiry[what], 0);
