import type { Catalogue } from './catalogue.js';
import { type WatchMessage, changesMessage, resumedMessage, snapshotMessage } from './watch-message.js';

/** Whoever is further behind gets a fresh snapshot instead: it is not larger then, and it tells no detours. */
const MAX_BEHIND = 1_024;

/** A place in the history of an epoch. */
export interface Position {
  readonly epoch: string;
  readonly revision: bigint;
}

/** What brings a watcher from where it is to the present: the same object for all who are at the same place. */
export class WatchMessages {
  readonly #catalogue: Catalogue;
  readonly #made = new Map<string, WatchMessage | undefined>();
  #revision: bigint | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  get revision(): bigint {
    return this.#catalogue.revision;
  }

  /** Undefined when the place is not known any more, or has never been: only a snapshot will do. */
  resumed({ epoch, revision }: Position): WatchMessage | undefined {
    if (epoch !== this.#catalogue.epoch || this.#since(revision) === undefined) return undefined;
    return resumedMessage(epoch, revision);
  }

  /** `service` undefined: all of them. */
  snapshot(service: string | undefined): WatchMessage {
    const made = this.#once(`${service ?? ''} snapshot`, () => {
      const { epoch, revision } = this.#catalogue;
      return snapshotMessage(epoch, revision, this.#catalogue.unordered(service));
    });
    return made as WatchMessage;
  }

  /** What happened after `revision`; undefined when nothing did that concerns the service. */
  after(revision: bigint, service: string | undefined): WatchMessage | undefined {
    return this.#once(`${service ?? ''} ${revision}`, () => {
      const changes = this.#since(revision);
      if (!changes) return this.snapshot(service);
      const concerned =
        service === undefined ? changes : changes.filter(({ instance }) => instance.service === service);
      return concerned.length > 0 ? changesMessage(this.#catalogue.epoch, concerned) : undefined;
    });
  }

  #since(revision: bigint) {
    return this.revision - revision > MAX_BEHIND ? undefined : this.#catalogue.since(revision);
  }

  #once(key: string, make: () => WatchMessage | undefined): WatchMessage | undefined {
    if (this.#revision !== this.revision) this.#made.clear();
    this.#revision = this.revision;
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key);
  }
}
