import { equals } from '@bufbuild/protobuf';
import { type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { Approvals } from './approvals.js';
import { AwakeTime } from './awake-time.js';
import type { Change, Command, LeaveReason, Notice, Release, Result, SessionId } from './command.js';
import { ContractShelf } from './contract-shelf.js';
import { type Entry, shownState, withState } from './entry.js';
import { History } from './history.js';
import type { KeptState } from '../snapshot/kept.js';
import { Leases } from './leases.js';
import { sameQuestion } from '../probe/probe-question.js';
import { Roster } from './roster.js';
import { TIMING, type Timing } from './timing.js';

/** Changes that a watcher may be behind. One that is further behind gets a snapshot: that is hardly larger, and no detour. */
const REMEMBERED = 1_024;

type Of<Kind extends Command['kind']> = Command & { readonly kind: Kind };

/**
 * Who is there: a state machine without clock, network or chance. The same commands at the same times give the same
 * changes, and the changes alone, replayed, give the list. An entry belongs to one session at a time, so a late word of
 * an older one can neither end nor revive it; and there is one entry per service and address.
 */
export class Catalogue {
  /** Names this life of the catalogue's memory. */
  readonly epoch: string;
  readonly #timing: Timing;
  readonly #time: AwakeTime;
  readonly #roster = new Roster();
  readonly #holds = new Map<SessionId, string>();
  readonly #leases: Leases;
  readonly #contracts = new ContractShelf();
  readonly #approvals: Approvals;
  readonly #history = new History(REMEMBERED);
  readonly #seen = new Set<string>();
  #revision = 0n;
  #changes: Change[] = [];
  #released: Release[] = [];
  #notices: Notice[] = [];

  constructor(epoch: string, timing: Timing = TIMING, approved: Iterable<string> = []) {
    this.epoch = epoch;
    this.#timing = timing;
    this.#time = new AwakeTime(timing.tick, timing.grace);
    this.#leases = new Leases(timing, this.#time, this.#roster);
    this.#approvals = new Approvals(approved);
  }

  get revision(): bigint {
    return this.#revision;
  }

  get size(): number {
    return this.#roster.size;
  }

  apply(command: Command, now: number): Result {
    this.#changes = [];
    this.#released = [];
    this.#notices = [];
    this.#obey(command, command.kind === 'tick' ? this.#time.tick(now) : this.#time.at(now));
    return { changes: this.#changes, released: this.#released, notices: this.#notices };
  }

  /** How much the service's entries take up on the wire. */
  bytes(service: string): number {
    return this.#roster.bytes(service);
  }

  find(id: string): Instance | undefined {
    return this.#roster.get(id)?.instance;
  }

  /** Who holds the instance's entry. */
  holder(id: string): SessionId | undefined {
    return this.#roster.get(id)?.session;
  }

  /** Ordered by id; of one service, or of all. */
  list(service?: string): Instance[] {
    return this.unordered(service).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The same in no order. */
  unordered(service?: string): Instance[] {
    return Array.from(this.#roster.entries(service), ({ instance }) => instance);
  }

  /** Names of the services that have been announced since the epoch began, those without instances too. */
  services(): string[] {
    return [...this.#seen].sort();
  }

  /** Whether silent instances of the service are listed because there are too many of them. */
  preserved(service: string): boolean {
    return this.#leases.preserved(service);
  }

  /** The bytes of a contract that a listed instance has. */
  contract(hash: string): Uint8Array | undefined {
    return this.#contracts.get(hash);
  }

  /** The listed instances that have the contract. */
  *holders(hash: string): Iterable<Instance> {
    for (const { instance } of this.#roster.holders(hash)) yield instance;
  }

  approved(hash: string): boolean {
    return this.#approvals.has(hash);
  }

  /** Why a listed instance's contract waits for an operator; empty when it does not. */
  pending(id: string): readonly string[] {
    return this.#roster.get(id)?.pending ?? [];
  }

  /** The oldest revision from which everything since is known. */
  get remembers(): bigint {
    return this.#revision - BigInt(this.#history.size);
  }

  /** Every change after `revision`, in order; undefined when that is not known any more. */
  since(revision: bigint): readonly Change[] | undefined {
    return this.#history.since(revision, this.#revision);
  }

  /** What has to outlive this process, but for the entry of one session. */
  kept(except: SessionId): KeptState {
    const entries = [...this.#roster.entries()].filter(({ session }) => session !== except);
    return {
      approved: this.#approvals.all(),
      entries: entries.map(({ own, lease, pending, drained }) => {
        const contract = this.#contracts.get(own.contractHash);
        return { instance: own, lease, pending, drained, ...(contract && { contract }) };
      }),
    };
  }

  #obey(command: Command, now: number): void {
    switch (command.kind) {
      case 'announce':
        return this.#announce(command, now);
      case 'restore':
        return this.#restore(command, now);
      case 'tick':
        return this.#tick(now);
      case 'approve':
        return this.#approve(command.hash);
      case 'drain':
        return this.#change(this.#roster.get(command.id), { drained: command.on });
      case 'probe':
        return this.#change(this.#roster.get(command.id), { ill: !command.healthy });
      default:
        return this.#hear(command, now);
    }
  }

  #announce({ session, instance, contract, lease, pending }: Of<'announce'>, now: number): void {
    const known = this.#roster.get(instance.id);
    if (known && known.own.service !== instance.service) this.#remove(known, 'replaced');
    const before = this.#roster.get(instance.id);
    const neighbour = this.#roster.at(instance);
    if (neighbour && neighbour !== before) this.#remove(neighbour, 'replaced');
    this.#contracts.take(instance.contractHash, contract);
    const said = {
      own: instance,
      session,
      lease: lease ?? this.#timing.lease,
      heardAt: now,
      brokenAt: undefined,
      pending: this.#approvals.has(instance.contractHash) ? [] : (pending ?? []),
    };
    if (!before) return this.#join({ ...said, instance, dueAt: Infinity, drained: false, ill: false });
    this.#contracts.giveBack(before.own.contractHash);
    if (before.session !== session) this.#release(before.session, 'superseded');
    this.#holds.set(session, instance.id);
    this.#change(before, { ...said, ill: before.ill && sameQuestion(before.own, instance) });
    this.#notices.push(...this.#leases.heard(before));
    this.#leases.watch(before);
  }

  #restore({ session, kept: { instance, contract, lease, pending, drained } }: Of<'restore'>, now: number): void {
    if (this.#roster.get(instance.id) ?? this.#roster.at(instance)) return; // it has come back already
    this.#contracts.take(instance.contractHash, contract);
    this.#join({
      own: instance,
      instance,
      session,
      lease,
      // One lease longer: thousands who come back to a busy machine at once may need more than one.
      heardAt: now + this.#timing.lease,
      dueAt: Infinity,
      pending: this.#approvals.has(instance.contractHash) ? [] : pending,
      drained,
      ill: false,
    });
  }

  #join(entry: Entry): void {
    entry.instance = withState(entry.own, shownState(entry));
    this.#seen.add(entry.own.service);
    this.#holds.set(entry.session, entry.own.id);
    this.#roster.put(entry);
    this.#note({ revision: ++this.#revision, kind: 'joined', instance: entry.instance });
    this.#leases.watch(entry);
  }

  #hear(command: Of<'beat' | 'leave' | 'break'>, now: number): void {
    const entry = this.#roster.get(this.#holds.get(command.session) ?? '');
    if (!entry) return;
    if (command.kind === 'leave') {
      this.#remove(entry, 'deregistered');
    } else if (command.kind === 'break') {
      this.#change(entry, { brokenAt: entry.brokenAt ?? now });
      this.#leases.watch(entry);
    } else if (entry.brokenAt === undefined) {
      entry.heardAt = now;
      this.#notices.push(...this.#leases.heard(entry));
      if (command.state === State.UNSPECIFIED || command.state === entry.own.state) return;
      this.#change(entry, { own: withState(entry.own, command.state) });
    }
  }

  #approve(hash: string): void {
    this.#approvals.add(hash);
    for (const entry of [...this.#roster.holders(hash)]) this.#change(entry, { pending: [] });
  }

  #tick(now: number): void {
    const { leaving, notices } = this.#leases.tick(now);
    this.#notices.push(...notices);
    for (const { entry, reason } of leaving) this.#remove(entry, reason);
  }

  #change(entry: Entry | undefined, changes: Partial<Entry>): void {
    if (!entry) return;
    Object.assign(entry, changes);
    const instance = withState(entry.own, shownState(entry));
    if (instance === entry.instance || equals(InstanceSchema, entry.instance, instance)) return;
    this.#roster.show(entry, instance);
    this.#note({ revision: ++this.#revision, kind: 'changed', instance });
  }

  #remove(entry: Entry, reason: LeaveReason): void {
    const { instance, session } = entry;
    if (this.#roster.get(instance.id) !== entry) return;
    this.#roster.remove(entry);
    this.#contracts.giveBack(instance.contractHash);
    this.#notices.push(...this.#leases.gone(entry));
    this.#release(session, reason);
    this.#note({ revision: ++this.#revision, kind: 'left', instance, reason });
  }

  #note(change: Change): void {
    this.#history.add(change);
    this.#changes.push(change);
  }

  #release(session: SessionId, reason: Release['reason']): void {
    this.#holds.delete(session);
    this.#released.push({ session, reason });
  }
}
