import type { Catalogue } from '../catalogue/catalogue.js';
import { type WatchMessage, changesMessage, resumedMessage, snapshotMessage } from './watch-message.js';

/** A snapshot so many changes old serves a newcomer as well, with the changes after it: it need not be made anew. */
const FRESH_ENOUGH = 256;
/** Services whose snapshots are kept, and the one of all services. */
const MAX_SNAPSHOTS = 64;

/** Changes in one message at most. */
const STRIDE = 64n;
/** Messages that are kept for those who come by later. */
const MAX_STRIDES = 256;

/** A place in the history of an epoch. */
export interface Position {
  readonly epoch: string;
  readonly revision: bigint;
}

export interface Step {
  /** The revision that it leads to. */
  readonly to: bigint;
  /** Undefined when nothing happened that concerns the service. */
  readonly message: WatchMessage | undefined;
}

/** What brings a watcher from where it is to the present: the same object for all who are at the same place. */
export class WatchMessages {
  readonly #catalogue: Catalogue;
  readonly #snapshots = new Map<string, WatchMessage>();
  readonly #strides = new Map<string, Step>();
  /** Those that lead to the latest revision, until there is another. */
  readonly #latestSteps = new Map<string, Step>();
  #latestOf: bigint | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  get epoch(): string {
    return this.#catalogue.epoch;
  }

  get revision(): bigint {
    return this.#catalogue.revision;
  }

  /** Undefined when the place is not known any more, or has never been: only a snapshot will do. */
  resumed({ epoch, revision }: Position): WatchMessage | undefined {
    if (epoch !== this.#catalogue.epoch || !this.knows(revision)) return undefined;
    return resumedMessage(epoch, revision);
  }

  /** A list that the changes after its revision bring up to date. `service` undefined: of all of them. */
  snapshot(service = ''): WatchMessage {
    const known = this.#snapshots.get(service);
    if (known && this.revision - known.revision <= FRESH_ENOUGH) return known;
    const { epoch, revision } = this.#catalogue;
    const made = snapshotMessage(epoch, revision, this.#catalogue.unordered(service || undefined));
    if (this.#snapshots.size >= MAX_SNAPSHOTS) this.#snapshots.clear();
    this.#snapshots.set(service, made);
    return made;
  }

  /** Whether what happened after `revision` can be told. */
  knows(revision: bigint): boolean {
    return revision <= this.revision && revision >= this.#catalogue.remembers;
  }

  /**
   * What happened after `revision`, up to a place where everybody stops who is behind: so there is little to make, however
   * many are at however many places.
   */
  after(revision: bigint, service = ''): Step {
    const end = (revision / STRIDE + 1n) * STRIDE;
    if (end > this.revision) return this.#latest(revision, service);
    const key = `${service} ${revision}`;
    const known = this.#strides.get(key);
    if (known) return known;
    const made = this.#step(revision, end, service);
    const [oldest] = this.#strides.keys();
    if (this.#strides.size >= MAX_STRIDES && oldest !== undefined) this.#strides.delete(oldest);
    this.#strides.set(key, made);
    return made;
  }

  #latest(revision: bigint, service: string): Step {
    if (this.#latestOf !== this.revision) this.#latestSteps.clear();
    this.#latestOf = this.revision;
    const key = `${service} ${revision}`;
    const known = this.#latestSteps.get(key) ?? this.#step(revision, this.revision, service);
    this.#latestSteps.set(key, known);
    return known;
  }

  #step(from: bigint, to: bigint, service: string): Step {
    const since = this.#catalogue.since(from) ?? [];
    const changes = since.filter(
      ({ revision, instance }) => revision <= to && (service === '' || instance.service === service),
    );
    const lasting = to % STRIDE === 0n;
    return { to, message: changes.length > 0 ? changesMessage(this.#catalogue.epoch, changes, lasting) : undefined };
  }
}
