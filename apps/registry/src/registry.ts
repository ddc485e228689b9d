import { type Instance, State } from '@trellis/contracts/registry/v1';
import { Code, ServiceError, notFound, resourceExhausted } from '@trellis/errors';
import type { Logger } from '@trellis/telemetry';
import { Catalogue } from './catalogue.js';
import type { Command, Release, SessionId } from './command.js';
import { TIMING, type Timing } from './timing.js';
import { type WatchStream, Watcher } from './watcher.js';

/** Streams that one service's credential may hold, of each kind: a flood by one locks no other out. */
const MAX_PER_SERVICE = 6_000;

/** The session of the registry itself, which needs no stream. */
const OWN_SESSION: SessionId = 0;

export interface RegistryOptions {
  /** Names this life of the registry; different after every start. */
  readonly epoch: string;
  readonly logger: Logger;
  readonly timing?: Timing;
  /** Milliseconds of a clock that never jumps. */
  readonly now?: () => number;
}

/** The catalogue in time: it ticks, tells the watchers what changed, and lets sessions know when they have lost their entry. */
export class Registry {
  readonly catalogue: Catalogue;
  readonly timing: Timing;
  readonly now: () => number;
  readonly #logger: Logger;
  readonly #sessions = new Map<SessionId, (release: Release) => void>();
  readonly #watchers = new Set<Watcher>();
  readonly #streams = new Map<string, number>();
  #lastSession = OWN_SESSION;
  #ticking: NodeJS.Timeout | undefined;

  constructor({ epoch, logger, timing = TIMING, now = () => performance.now() }: RegistryOptions) {
    this.catalogue = new Catalogue(epoch, timing);
    this.timing = timing;
    this.now = now;
    this.#logger = logger;
  }

  start(): void {
    this.#ticking ??= setInterval(() => this.tick(), this.timing.tick);
  }

  stop(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  tick(): void {
    this.apply({ kind: 'beat', session: OWN_SESSION, state: State.SERVING });
    this.apply({ kind: 'tick' });
  }

  listItself(instance: Instance): void {
    this.apply({ kind: 'announce', session: OWN_SESSION, instance });
  }

  apply(command: Command): void {
    const { changes, released, notices } = this.catalogue.apply(command, this.now());
    for (const watcher of this.#watchers) if (changes.length > 0) watcher.tell(changes);
    for (const change of changes) {
      const { id, service, state, address } = change.instance;
      const reason = change.kind === 'left' ? change.reason : undefined;
      this.#logger.info({ instance: id, service, address, state: State[state], reason }, `instance ${change.kind}`);
    }
    for (const notice of notices) {
      if (notice.preserved) this.#logger.warn(notice, 'too many leases ran out in silence, evictions stop');
      else this.#logger.info(notice, 'self-preservation is over');
    }
    for (const release of released) this.#sessions.get(release.session)?.(release);
  }

  /** A number for a new session. Throws RESOURCE_EXHAUSTED when the service has too many. */
  openSession(service: string, onRelease: (release: Release) => void): SessionId {
    this.#count(`${service} sessions`);
    const session = this.newSession();
    this.#sessions.set(session, onRelease);
    return session;
  }

  closeSession(service: string, session: SessionId): void {
    if (this.#sessions.delete(session)) this.#uncount(`${service} sessions`);
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

  /** Follows the catalogue until the returned function is called. `by` is the service whose credential watches. */
  watch(by: string, stream: WatchStream, service: string | undefined): () => void {
    this.#count(`${by} watchers`);
    const watcher = new Watcher(stream, this.catalogue, service);
    this.#watchers.add(watcher);
    return () => {
      if (this.#watchers.delete(watcher)) this.#uncount(`${by} watchers`);
    };
  }

  /** The bytes of a contract. Throws NOT_FOUND. */
  contract(hash: string): Uint8Array {
    const contract = this.catalogue.contract(hash);
    if (!contract) throw notFound('No listed instance has this contract', { reason: 'CONTRACT_NOT_FOUND' });
    return contract;
  }

  #count(what: string): void {
    const streams = this.#streams.get(what) ?? 0;
    if (streams >= MAX_PER_SERVICE) {
      throw resourceExhausted(`Too many ${what}`, { reason: 'TOO_MANY_STREAMS', retryAfter: 5 });
    }
    this.#streams.set(what, streams + 1);
  }

  #uncount(what: string): void {
    this.#streams.set(what, (this.#streams.get(what) ?? 1) - 1);
  }
}
