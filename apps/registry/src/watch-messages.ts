import type { Catalogue } from './catalogue.js';
import { type WatchMessage, changesMessage, resumedMessage, snapshotMessage } from './watch-message.js';

/** A snapshot so many changes old serves a newcomer as well, with the changes after it: it need not be made anew. */
const FRESH_ENOUGH = 256;
/** Services whose snapshots are kept, and the one of all services. */
const MAX_SNAPSHOTS = 64;

/** A place in the history of an epoch. */
export interface Position {
  readonly epoch: string;
  readonly revision: bigint;
}

/** What brings a watcher from where it is to the present: the same object for all who are at the same place. */
export class WatchMessages {
  readonly #catalogue: Catalogue;
  readonly #snapshots = new Map<string, WatchMessage>();
  readonly #after = new Map<string, WatchMessage | undefined>();
  #revision: bigint | undefined;

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

  /** What happened after `revision`; undefined when nothing did that concerns the service. */
  after(revision: bigint, service: string | undefined): WatchMessage | undefined {
    return this.#once(`${service ?? ''} ${revision}`, () => {
      const changes = this.#catalogue.since(revision) ?? [];
      const concerned =
        service === undefined ? changes : changes.filter(({ instance }) => instance.service === service);
      return concerned.length > 0 ? changesMessage(this.#catalogue.epoch, concerned) : undefined;
    });
  }

  #once(key: string, make: () => WatchMessage | undefined): WatchMessage | undefined {
    if (this.#revision !== this.revision) this.#after.clear();
    this.#revision = this.revision;
    if (!this.#after.has(key)) this.#after.set(key, make());
    return this.#after.get(key);
  }
}
