import { equals } from '@bufbuild/protobuf';
import { type Instance as InstanceMessage, InstanceSchema, type WatchResponse } from '@trellis/contracts/registry/v1';
import { readInstance } from './instance-message.js';
import type { Instance } from './instance.js';

/**
 * How long an instance that a new registry has not heard of stays beside those that it has, in milliseconds. Announcers
 * are back within five seconds; the rest is for one that is cut off from the registry and still serves.
 */
export const UNCONFIRMED_MS = 30_000;

interface Entry {
  readonly message: InstanceMessage;
  readonly instance: Instance;
  /** The last epoch that listed it. */
  readonly epoch: string;
  /** Undefined while the followed epoch lists it; else since when it does not (ms). */
  readonly unconfirmedSince?: number;
  /** Of one that an earlier process has remembered: when that last knew it (ms). */
  readonly seenAt?: number;
}

/** A place in the registry's history. */
export interface Position {
  readonly epoch: string;
  readonly revision: bigint;
}

/** An instance for the next start. */
export interface Remembered {
  readonly message: InstanceMessage;
  /** The last epoch that listed it, and until when (ms). */
  readonly epoch: string;
  readonly seenAt: number;
}

/**
 * What a watcher knows, pure. An epoch is one life of the registry's memory. Within an epoch the registry's word counts:
 * who left is gone. Another epoch only adds: an instance that it does not list has not left, it has not come back yet,
 * and is kept as unconfirmed. So a registry that starts empty empties no pool.
 */
export class KnownInstances {
  #epoch: string | undefined;
  /** Of the last message that was understood; undefined before the first snapshot. */
  #revision: bigint | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #callable = new Map<string, readonly Instance[]>();
  #all: readonly Instance[] | undefined;

  /** Where the history can be taken up again; undefined when only a snapshot will do. */
  get position(): Position | undefined {
    if (this.#epoch === undefined || this.#revision === undefined) return undefined;
    return { epoch: this.#epoch, revision: this.#revision };
  }

  get unconfirmed(): number {
    return [...this.#entries.values()].filter(({ unconfirmedSince }) => unconfirmedSince !== undefined).length;
  }

  /** Takes the registry's next message and returns the services whose instances changed. */
  apply({ epoch, revision, message }: WatchResponse, now: number): ReadonlySet<string> {
    const changed = new Set<string>();
    if (message.case === 'changes') {
      for (const change of message.value.changes) for (const each of this.apply(change, now)) changed.add(each);
      return changed;
    }
    if (message.case === 'snapshot') this.#takeSnapshot(epoch, message.value.instances, now, changed);
    if (epoch !== this.#epoch) return changed; // only a snapshot opens an epoch
    if (message.case === 'left') this.#remove(message.value.id, changed);
    if (message.case === 'joined' || message.case === 'changed') this.#confirm(message.value, changed);
    if (message.case !== 'resumed') this.#revision = revision; // that one repeats ours, or names where the rest leads
    return changed;
  }

  /**
   * What an earlier process knew, at the beginning. Unconfirmed, all of it; but what a snapshot of the same epoch does not
   * list has left meanwhile.
   */
  restore(epoch: string, remembered: readonly Remembered[], now: number): void {
    this.#epoch = epoch;
    for (const one of remembered) {
      this.#entries.set(one.message.id, { ...one, instance: readInstance(one.message), unconfirmedSince: now });
    }
  }

  /** For the next start. */
  remember(now: number): Remembered[] {
    return [...this.#entries.values()].map(({ message, epoch, unconfirmedSince, seenAt }) => ({
      message,
      epoch,
      seenAt: seenAt ?? unconfirmedSince ?? now,
    }));
  }

  /** Lets go of unconfirmed instances whose service has others that serve. Returns the services that changed. */
  prune(now: number): ReadonlySet<string> {
    const changed = new Set<string>();
    for (const [id, { instance, unconfirmedSince }] of this.#entries) {
      if (unconfirmedSince === undefined || now - unconfirmedSince < UNCONFIRMED_MS) continue;
      if (this.#hasConfirmedServing(instance.service)) this.#remove(id, changed);
    }
    return changed;
  }

  callable(service: string): readonly Instance[] {
    const known = this.#callable.get(service);
    if (known) return known;
    const ofService = this.all().filter((instance) => instance.service === service);
    if (ofService.length === 0) return NOBODY; // not remembered: callers may ask for any name
    const serving = ofService.filter(({ state }) => state === 'SERVING');
    const callable = serving.length > 0 ? serving : ofService.filter(({ state }) => state === 'SUSPECT');
    this.#callable.set(service, callable);
    return callable;
  }

  all(): readonly Instance[] {
    this.#all ??= [...this.#entries.values()].map(({ instance }) => instance).sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#all;
  }

  #takeSnapshot(epoch: string, listed: readonly InstanceMessage[], now: number, changed: Set<string>): void {
    const ids = new Set(listed.map(({ id }) => id));
    for (const [id, entry] of this.#entries) {
      if (ids.has(id)) continue;
      if (epoch === this.#epoch && epoch === entry.epoch) this.#remove(id, changed);
      else if (entry.unconfirmedSince === undefined) this.#entries.set(id, { ...entry, unconfirmedSince: now });
    }
    this.#epoch = epoch;
    for (const message of listed) this.#confirm(message, changed);
  }

  #confirm(message: InstanceMessage, changed: Set<string>): void {
    const before = this.#entries.get(message.id);
    const same = before !== undefined && equals(InstanceSchema, before.message, message);
    const instance = same ? before.instance : readInstance(message);
    this.#entries.set(message.id, { message, instance, epoch: this.#epoch ?? '' });
    if (before === undefined) this.#evictFrom(message.address, changed);
    if (same) return;
    if (before && before.instance.service !== instance.service) this.#touch(before.instance.service, changed);
    this.#touch(instance.service, changed);
  }

  /** An unconfirmed instance whose address somebody else has now is gone for certain. */
  #evictFrom(address: string, changed: Set<string>): void {
    for (const [id, { instance, unconfirmedSince }] of this.#entries) {
      if (unconfirmedSince !== undefined && instance.address === address) this.#remove(id, changed);
    }
  }

  #remove(id: string, changed: Set<string>): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#touch(entry.instance.service, changed);
  }

  #touch(service: string, changed: Set<string>): void {
    changed.add(service);
    this.#callable.delete(service);
    this.#all = undefined;
  }

  #hasConfirmedServing(service: string): boolean {
    for (const { instance, unconfirmedSince } of this.#entries.values()) {
      if (unconfirmedSince === undefined && instance.service === service && instance.state === 'SERVING') return true;
    }
    return false;
  }
}

const NOBODY: readonly Instance[] = [];
