import { create, equals, toBinary } from '@bufbuild/protobuf';
import { type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { ContractShelf } from './contract-shelf.js';

/** All in milliseconds. */
export interface Timing {
  /** How often an instance is asked to beat. */
  readonly heartbeat: number;
  /** An instance whose stream broke leaves after this long unless it comes back. */
  readonly grace: number;
  /** An instance that has not beaten for this long leaves. */
  readonly lease: number;
  /** How often leases are looked through. */
  readonly tick: number;
}

/** Three beats may get lost; a crash, which breaks the stream, shows within the grace and one tick. */
export const TIMING: Timing = { heartbeat: 2_000, grace: 500, lease: 6_000, tick: 100 };

/** Whoever holds an entry: a number that is never used twice. */
export type SessionId = number;

export type Command =
  | {
      readonly kind: 'announce';
      readonly session: SessionId;
      readonly instance: Instance;
      /** The bytes that `instance.contractHash` names; absent when it names none. */
      readonly contract?: Uint8Array;
    }
  | { readonly kind: 'beat'; readonly session: SessionId; readonly state: State }
  | { readonly kind: 'leave'; readonly session: SessionId }
  | { readonly kind: 'break'; readonly session: SessionId }
  | { readonly kind: 'tick' };

export type LeaveReason = 'deregistered' | 'session lost' | 'lease expired';

/** One step of the catalogue's history; revisions follow one another without a gap. */
export type Change =
  | { readonly revision: bigint; readonly kind: 'joined' | 'changed'; readonly instance: Instance }
  | { readonly revision: bigint; readonly kind: 'left'; readonly instance: Instance; readonly reason: LeaveReason };

export interface Release {
  readonly session: SessionId;
  /** "superseded": another session has announced the same instance. */
  readonly reason: LeaveReason | 'superseded';
}

export interface Result {
  readonly changes: readonly Change[];
  /** Sessions that held an entry before the command and hold none any more. */
  readonly released: readonly Release[];
}

interface Entry {
  /** As watchers see it. */
  instance: Instance;
  session: SessionId;
  beatAt: number;
  /** Since when its stream is broken. */
  brokenAt?: number;
}

/**
 * Who is there: a state machine without clock, network or chance. The same commands at the same times give the same
 * changes, and the changes alone, replayed, give the list. An entry belongs to one session at a time, so a late word of
 * an older one can neither end nor revive it.
 */
export class Catalogue {
  /** Names this life of the catalogue's memory. */
  readonly epoch: string;
  readonly #timing: Timing;
  readonly #entries = new Map<string, Entry>();
  readonly #holds = new Map<SessionId, string>();
  readonly #contracts = new ContractShelf();
  /** Of the entries of each service. */
  readonly #bytes = new Map<string, number>();
  readonly #seen = new Set<string>();
  #revision = 0n;
  #tickedAt: number | undefined;
  #wokeAt = -Infinity;
  #changes: Change[] = [];
  #released: Release[] = [];

  constructor(epoch: string, timing: Timing = TIMING) {
    this.epoch = epoch;
    this.#timing = timing;
  }

  get revision(): bigint {
    return this.#revision;
  }

  get size(): number {
    return this.#entries.size;
  }

  apply(command: Command, now: number): Result {
    this.#changes = [];
    this.#released = [];
    if (command.kind === 'announce') this.#announce(command, now);
    else if (command.kind === 'tick') this.#tick(now);
    else this.#hear(command, now);
    return { changes: this.#changes, released: this.#released };
  }

  /** How much the service's entries take up on the wire. */
  bytes(service: string): number {
    return this.#bytes.get(service) ?? 0;
  }

  find(id: string): Instance | undefined {
    return this.#entries.get(id)?.instance;
  }

  /** Ordered by id; of one service, or of all. */
  list(service?: string): Instance[] {
    return [...this.#entries.values()]
      .map(({ instance }) => instance)
      .filter((instance) => service === undefined || instance.service === service)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Names of the services that have been announced since the epoch began, those without instances too. */
  services(): string[] {
    return [...this.#seen].sort();
  }

  /** The bytes of a contract that a listed instance has. */
  contract(hash: string): Uint8Array | undefined {
    return this.#contracts.get(hash);
  }

  #announce({ session, instance, contract }: Command & { kind: 'announce' }, now: number): void {
    const entry = this.#entries.get(instance.id);
    this.#contracts.take(instance.contractHash, contract);
    this.#seen.add(instance.service);
    this.#holds.set(session, instance.id);
    if (!entry) {
      this.#entries.set(instance.id, { instance, session, beatAt: now });
      this.#weigh(instance, 1);
      this.#changes.push({ revision: ++this.#revision, kind: 'joined', instance });
      return;
    }
    this.#contracts.giveBack(entry.instance.contractHash);
    if (entry.session !== session) this.#release(entry.session, 'superseded');
    entry.session = session;
    entry.beatAt = now;
    entry.brokenAt = undefined;
    this.#show(entry, instance);
  }

  #hear(command: Command & { kind: 'beat' | 'leave' | 'break' }, now: number): void {
    const entry = this.#entries.get(this.#holds.get(command.session) ?? '');
    if (!entry) return;
    if (command.kind === 'leave') {
      this.#remove(entry, 'deregistered');
    } else if (command.kind === 'break') {
      entry.brokenAt ??= now;
      // One that drains or is not ready gets no calls either way; as a suspect it might.
      if (entry.instance.state === State.SERVING) this.#showState(entry, State.SUSPECT);
    } else if (entry.brokenAt === undefined) {
      entry.beatAt = now;
      if (command.state !== State.UNSPECIFIED) this.#showState(entry, command.state);
    }
  }

  #tick(now: number): void {
    const { tick, grace, lease } = this.#timing;
    const asleep = now - (this.#tickedAt ?? now) - tick;
    this.#tickedAt = now;
    if (asleep > grace) this.#forgive(asleep, now);
    const patience = now - this.#wokeAt < lease ? lease : grace;
    for (const entry of this.#entries.values()) {
      if (entry.brokenAt !== undefined && now - entry.brokenAt >= patience) this.#remove(entry, 'session lost');
      else if (now - entry.beatAt >= lease) this.#remove(entry, 'lease expired');
    }
  }

  /**
   * A registry that was stopped itself heard nobody. That silence is not theirs: their beats wait in its sockets, and those
   * who gave up on it meanwhile get a lease's time to come back.
   */
  #forgive(asleep: number, now: number): void {
    this.#wokeAt = now;
    for (const entry of this.#entries.values()) {
      entry.beatAt += asleep;
      if (entry.brokenAt !== undefined) entry.brokenAt += asleep;
    }
  }

  #showState(entry: Entry, state: State): void {
    if (entry.instance.state !== state) this.#show(entry, create(InstanceSchema, { ...entry.instance, state }));
  }

  #show(entry: Entry, instance: Instance): void {
    if (equals(InstanceSchema, entry.instance, instance)) return;
    this.#weigh(entry.instance, -1);
    this.#weigh(instance, 1);
    entry.instance = instance;
    this.#changes.push({ revision: ++this.#revision, kind: 'changed', instance });
  }

  #remove(entry: Entry, reason: LeaveReason): void {
    const { instance, session } = entry;
    this.#entries.delete(instance.id);
    this.#weigh(instance, -1);
    this.#contracts.giveBack(instance.contractHash);
    this.#release(session, reason);
    this.#changes.push({ revision: ++this.#revision, kind: 'left', instance, reason });
  }

  #weigh(instance: Instance, sign: 1 | -1): void {
    const { service } = instance;
    const bytes = this.bytes(service) + sign * toBinary(InstanceSchema, instance).length;
    if (bytes > 0) this.#bytes.set(service, bytes);
    else this.#bytes.delete(service);
  }

  #release(session: SessionId, reason: Release['reason']): void {
    this.#holds.delete(session);
    this.#released.push({ session, reason });
  }
}
