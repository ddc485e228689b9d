import { type Instance, State } from '@trellis/contracts/registry/v1';
import { Code, ServiceError, notFound } from '@trellis/errors';
import type { Logger } from '@trellis/telemetry';
import { CallerLimits } from './limits/caller-limits.js';
import { Catalogue } from './catalogue/catalogue.js';
import type { Change, Command, Notice, Release, Result, SessionId } from './catalogue/command.js';
import { FanOut, laterInThisProcess } from './watch/fan-out.js';
import type { KeptState } from './snapshot/kept.js';
import { TIMING, type Timing } from './catalogue/timing.js';
import { WatchMessages } from './watch/watch-messages.js';
import { type WatchOptions, type WatchSink, Watcher } from './watch/watcher.js';

/** The session of the registry itself, which needs no stream. */
const OWN_SESSION: SessionId = 0;

export interface RegistryOptions {
  /** Names this life of the registry; different after every start. */
  readonly epoch: string;
  readonly logger: Logger;
  readonly timing?: Timing;
  /** What the life before has left. */
  readonly kept?: KeptState | undefined;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
}

/** The catalogue in time: it ticks, tells the watchers what changed, and lets sessions know when they have lost their entry. */
export class Registry {
  readonly catalogue: Catalogue;
  readonly timing: Timing;
  readonly limits: CallerLimits;
  readonly now: () => number;
  readonly #logger: Logger;
  readonly #sessions = new Map<SessionId, (release: Release) => void>();
  readonly #messages: WatchMessages;
  readonly #fanOut: FanOut;
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  #lastSession = OWN_SESSION;
  #ticking: NodeJS.Timeout | undefined;

  constructor({ epoch, logger, timing = TIMING, kept, now = () => performance.now() }: RegistryOptions) {
    this.catalogue = new Catalogue(epoch, timing, kept?.approved);
    this.timing = timing;
    this.limits = new CallerLimits(now);
    this.now = now;
    this.#logger = logger;
    this.#messages = new WatchMessages(this.catalogue);
    this.#fanOut = new FanOut({ now, later: laterInThisProcess });
    if (kept) this.#restore(kept);
  }

  start(): void {
    this.#ticking ??= setInterval(() => this.tick(), this.timing.tick);
  }

  stop(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#fanOut.stop();
  }

  tick(): void {
    this.apply({ kind: 'beat', session: OWN_SESSION, state: State.SERVING });
    this.apply({ kind: 'tick' });
  }

  listItself(instance: Instance): void {
    this.apply({ kind: 'announce', session: OWN_SESSION, instance });
  }

  apply(command: Command): Result {
    const result = this.catalogue.apply(command, this.now());
    const { changes, released, notices } = result;
    if (changes.length > 0) this.#fanOut.changed();
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
    for (const change of changes) this.#logChange(change);
    for (const notice of notices) this.#logNotice(notice);
    for (const release of released) this.#sessions.get(release.session)?.(release);
    return result;
  }

  /** Calls the listener with every change, from within the command that made it. Returns the way to stop it. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For the next life. The registry lists itself anew. */
  kept(): KeptState {
    return this.catalogue.kept(OWN_SESSION);
  }

  /** A session that has a stream, until `close`. Throws RESOURCE_EXHAUSTED when the service has too many. */
  openSession(service: string, onRelease: (release: Release) => void): { readonly id: SessionId; close(): void } {
    const uncount = this.limits.open(service, 'sessions');
    const id = this.newSession();
    this.#sessions.set(id, onRelease);
    return {
      id,
      close: () => {
        this.#sessions.delete(id);
        uncount();
      },
    };
  }

  /** Streams of instances that are open. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Those who follow the catalogue. */
  get watchers(): number {
    return this.#fanOut.size;
  }

  /** A number for an instance that keeps no stream and beats with plain requests. */
  newSession(): SessionId {
    this.#lastSession += 1;
    return this.#lastSession;
  }

  /**
   * The session by which plain requests reach the instance's entry; undefined when it is not listed. Throws
   * FAILED_PRECONDITION when a stream holds it: the stream alone speaks for it then.
   */
  plainSession(id: string): SessionId | undefined {
    const session = this.catalogue.holder(id);
    if (session !== undefined && (session === OWN_SESSION || this.#sessions.has(session))) {
      throw new ServiceError(Code.FAILED_PRECONDITION, `${id} keeps a session: its stream speaks for it`, {
        reason: 'HELD_BY_SESSION',
      });
    }
    return session;
  }

  /**
   * Follows the catalogue until the returned function is called. `by` is the service whose credential watches. Throws
   * RESOURCE_EXHAUSTED when it has too many.
   */
  watch(by: string, sink: WatchSink, options: WatchOptions): () => void {
    const uncount = this.limits.open(by, 'watchers');
    const watcher = new Watcher(sink, this.#messages, options, () => this.#fanOut.changed());
    this.#fanOut.add(watcher);
    return () => {
      this.#fanOut.remove(watcher);
      uncount();
    };
  }

  /** The bytes of a contract. Throws NOT_FOUND. */
  contract(hash: string): Uint8Array {
    const contract = this.catalogue.contract(hash);
    if (!contract) throw notFound('No listed instance has this contract', { reason: 'CONTRACT_NOT_FOUND' });
    return contract;
  }

  #restore({ entries }: KeptState): void {
    for (const kept of entries) {
      this.catalogue.apply({ kind: 'restore', session: this.newSession(), kept }, this.now());
    }
    this.#logger.info({ instances: entries.length }, 'begins with the list of the life before');
  }

  #logChange(change: Change): void {
    const { id, service, state, address } = change.instance;
    const reason = change.kind === 'left' ? change.reason : undefined;
    this.#logger.info({ instance: id, service, address, state: State[state], reason }, `instance ${change.kind}`);
  }

  #logNotice(notice: Notice): void {
    if (notice.preserved) this.#logger.warn(notice, 'too many leases ran out in silence: evictions stop');
    else this.#logger.info(notice, 'evictions go on');
  }
}
