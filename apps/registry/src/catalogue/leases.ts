import type { AwakeTime } from './awake-time.js';
import type { LeaveReason, Notice } from './command.js';
import { Deadlines } from './deadlines.js';
import type { Entry } from './entry.js';
import { HOLD_AT_MOST, Preservation } from './preservation.js';
import type { Roster } from './roster.js';
import type { Timing } from './timing.js';

export interface Leaving {
  readonly entry: Entry;
  readonly reason: LeaveReason;
}

/** Says which entries have to leave, and when: an entry is looked at once in its lease, however often it beats. */
export class Leases {
  readonly #timing: Timing;
  readonly #time: AwakeTime;
  readonly #roster: Roster;
  readonly #due = new Deadlines<{ readonly entry: Entry; readonly at: number }>();
  readonly #preservation: Preservation;

  constructor(timing: Timing, time: AwakeTime, roster: Roster) {
    this.#timing = timing;
    this.#time = time;
    this.#roster = roster;
    this.#preservation = new Preservation(timing.lease);
  }

  preserved(service: string): boolean {
    return this.#preservation.preserved(service);
  }

  /** Sees to it that the entry is looked at when it may have to leave. A beat moves nothing: the look finds it. */
  watch(entry: Entry): void {
    const at = this.#leavesAt(entry);
    if (at >= entry.dueAt) return;
    entry.dueAt = at;
    this.#due.set(at, { entry, at });
  }

  /** Something was heard of an entry that may have been held in spite of its silence. */
  heard(entry: Entry): Notice[] {
    if (entry.heldSince === undefined) return [];
    entry.heldSince = undefined;
    this.watch(entry);
    return this.gone(entry);
  }

  /** The entry is not held any more. */
  gone({ own: { service, id } }: Entry): Notice[] {
    const before = this.preserved(service);
    this.#preservation.release(service, id);
    return before && !this.preserved(service) ? [{ service, preserved: false, held: 0 }] : [];
  }

  /** Who has to leave at `now`; the caller removes them. */
  tick(now: number): { readonly leaving: readonly Leaving[]; readonly notices: readonly Notice[] } {
    const leaving: Leaving[] = [];
    const notices: Notice[] = [];
    const silent: Entry[] = [];
    for (let next = this.#due.due(now); next; next = this.#due.due(now)) {
      const { entry, at } = next;
      if (entry.dueAt !== at || this.#roster.get(entry.own.id) !== entry) continue; // looked at already, or gone
      entry.dueAt = Infinity;
      if (this.#leavesAt(entry) > now) this.watch(entry);
      else if (entry.brokenAt !== undefined) leaving.push({ entry, reason: 'session lost' });
      else if (entry.heldSince !== undefined) leaving.push({ entry, reason: 'lease expired' });
      else silent.push(entry);
    }
    for (const [service, entries] of Map.groupBy(silent, ({ own }) => own.service)) {
      if (this.#hold(service, entries, now, notices)) continue;
      for (const entry of entries) leaving.push({ entry, reason: 'lease expired' });
    }
    for (const { service, ids } of this.#preservation.settle((name) => this.#roster.count(name), now)) {
      const entries = ids.map((id) => this.#roster.get(id)).filter((entry) => entry !== undefined);
      for (const entry of entries) leaving.push({ entry, reason: 'lease expired' });
      notices.push({ service, preserved: false, held: 0 });
    }
    return { leaving, notices };
  }

  /** Whether these stay, because too many of the service are silent. */
  #hold(service: string, entries: readonly Entry[], now: number, notices: Notice[]): boolean {
    const before = this.preserved(service);
    const ids = entries.map(({ own }) => own.id);
    if (!this.#preservation.expire(service, ids, this.#roster.count(service), now)) return false;
    if (!before) notices.push({ service, preserved: true, held: this.#preservation.held(service) });
    for (const entry of entries) {
      entry.heldSince = now;
      this.watch(entry);
    }
    return true;
  }

  #leavesAt({ heardAt, lease, brokenAt, heldSince }: Entry): number {
    const silence = heldSince === undefined ? heardAt + lease : heldSince + HOLD_AT_MOST;
    if (brokenAt === undefined) return silence;
    // Who gave up on a registry that was stopped gets a lease's time to come back.
    return Math.min(silence, Math.max(brokenAt + this.#timing.grace, this.#time.wokeAt + this.#timing.lease));
  }
}
