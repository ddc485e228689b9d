import { type WatchMessage, resumedMessage } from './watch-message.js';
import type { Position, WatchMessages } from './watch-messages.js';

/** Where a watcher writes to: a gRPC stream, or a response of server-sent events. */
export interface WatchSink {
  /** Whether it takes more at once; if not, it calls `onDrain` when it does. */
  write(message: WatchMessage): boolean;
  onDrain(listener: () => void): void;
}

export interface WatchOptions {
  /** Undefined: all services. */
  readonly service?: string | undefined;
  /** Where to go on, if that is still known. */
  readonly from?: Position | undefined;
}

/**
 * One follower of the catalogue: a snapshot, or word that it goes on where it was; then every change in its order. It has
 * a place in the history and no queue: a slow one gets more at once, and a snapshot again when it is too far behind.
 */
export class Watcher {
  readonly #sink: WatchSink;
  readonly #messages: WatchMessages;
  readonly #service: string | undefined;
  readonly #from: Position | undefined;
  /** Undefined before its first message. */
  #revision: bigint | undefined;
  #blocked = false;
  /** What was written last did not bring it up to date, and said so. */
  #owesMore = false;

  /** `onReady` is called when there is something to write again: `flush` does it. */
  constructor(sink: WatchSink, messages: WatchMessages, { service, from }: WatchOptions, onReady: () => void) {
    this.#sink = sink;
    this.#messages = messages;
    this.#service = service;
    this.#from = from;
    sink.onDrain(() => {
      this.#blocked = false;
      if (this.#revision !== messages.revision) onReady();
    });
  }

  /** Writes what has happened since the last time, as far as the reader takes it. */
  flush(): void {
    if (this.#blocked) return;
    if (this.#revision === undefined || !this.#messages.knows(this.#revision)) this.#begin();
    while (!this.#blocked && this.#revision !== undefined && this.#revision !== this.#messages.revision) {
      const { to, message } = this.#messages.after(this.#revision, this.#service);
      this.#revision = to;
      if (message) this.#write(message);
    }
    // Nothing of the rest concerned it, and it waits for word of that.
    if (!this.#blocked && this.#owesMore) this.#write(resumedMessage(this.#messages.epoch, this.#messages.revision));
  }

  /** For the first time, or once more for one that has been too slow. */
  #begin(): void {
    const resumed = this.#revision === undefined && this.#from && this.#messages.resumed(this.#from);
    const message = resumed || this.#messages.snapshot(this.#service);
    this.#revision = message.revision;
    this.#write(message);
  }

  #write(message: WatchMessage): void {
    this.#owesMore = this.#revision !== this.#messages.revision;
    this.#blocked = !this.#sink.write(this.#owesMore ? message.withMore : message);
  }
}
