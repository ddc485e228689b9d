import type { Instance } from '@trellis/contracts/registry/v1';
import { encoded } from './encoded.js';
import type { Entry } from './entry.js';

interface OfService {
  readonly entries: Map<string, Entry>;
  /** Instance ids by address. */
  readonly addresses: Map<string, string>;
  /** Of all entries on the wire. */
  bytes: number;
}

/** The entries by id, by service and by address. */
export class Roster {
  readonly #entries = new Map<string, Entry>();
  readonly #services = new Map<string, OfService>();
  readonly #holders = new Map<string, Set<Entry>>();

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Of one service, or all, in no order. */
  entries(service?: string): Iterable<Entry> {
    if (service === undefined) return this.#entries.values();
    return this.#services.get(service)?.entries.values() ?? [];
  }

  count(service: string): number {
    return this.#services.get(service)?.entries.size ?? 0;
  }

  /** How much the service's entries take up on the wire. */
  bytes(service: string): number {
    return this.#services.get(service)?.bytes ?? 0;
  }

  /** The entries that have the contract. */
  holders(contractHash: string): Iterable<Entry> {
    return this.#holders.get(contractHash) ?? [];
  }

  /** The service's entry that has the address. */
  at({ service, address }: Instance): Entry | undefined {
    return this.#entries.get(this.#services.get(service)?.addresses.get(address) ?? '');
  }

  put(entry: Entry): void {
    const { instance } = entry;
    const service = this.#services.get(instance.service) ?? { entries: new Map(), addresses: new Map(), bytes: 0 };
    this.#services.set(instance.service, service);
    this.#entries.set(instance.id, entry);
    service.entries.set(instance.id, entry);
    if (instance.address !== '') service.addresses.set(instance.address, instance.id);
    service.bytes += encoded(instance).length;
    if (instance.contractHash === '') return;
    const holders = this.#holders.get(instance.contractHash) ?? new Set();
    this.#holders.set(instance.contractHash, holders.add(entry));
  }

  remove(entry: Entry): void {
    const { instance } = entry;
    const service = this.#services.get(instance.service);
    if (!service?.entries.delete(instance.id)) return;
    this.#entries.delete(instance.id);
    if (service.addresses.get(instance.address) === instance.id) service.addresses.delete(instance.address);
    service.bytes -= encoded(instance).length;
    if (service.entries.size === 0) this.#services.delete(instance.service);
    const holders = this.#holders.get(instance.contractHash);
    holders?.delete(entry);
    if (holders?.size === 0) this.#holders.delete(instance.contractHash);
  }

  /** The entry is seen in another way from now on. */
  show(entry: Entry, instance: Instance): void {
    this.remove(entry);
    entry.instance = instance;
    this.put(entry);
  }
}
