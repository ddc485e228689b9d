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
  /** The snapshot was not the latest one, and nothing has followed it yet. */
  #owesMore = false;

  constructor(sink: WatchSink, messages: WatchMessages, { service, from }: WatchOptions) {
    this.#sink = sink;
    this.#messages = messages;
    this.#service = service;
    this.#from = from;
    sink.onDrain(() => {
      this.#blocked = false;
      this.flush();
    });
  }

  /** Writes what has happened since the last time, unless the reader is slow. */
  flush(): void {
    if (this.#blocked) return;
    if (this.#revision === undefined || !this.#messages.knows(this.#revision)) this.#begin();
    const { revision } = this.#messages;
    if (this.#blocked || this.#revision === undefined || this.#revision === revision) return;
    const message = this.#messages.after(this.#revision, this.#service) ?? this.#promised();
    this.#revision = revision;
    this.#owesMore = false;
    if (message) this.#write(message);
  }

  /** For the first time, or once more for one that has been too slow. */
  #begin(): void {
    const resumed = this.#revision === undefined && this.#from && this.#messages.resumed(this.#from);
    const message = resumed || this.#messages.snapshot(this.#service);
    this.#revision = message.revision;
    this.#owesMore = !resumed && message.revision !== this.#messages.revision;
    this.#write(this.#owesMore ? message.withMore : message);
  }

  /** Nothing that concerns it has happened since the snapshot, and it waits for word of that. */
  #promised(): WatchMessage | undefined {
    const { epoch, revision } = this.#messages;
    return this.#owesMore ? resumedMessage(epoch, revision) : undefined;
  }

  #write(message: WatchMessage): void {
    this.#blocked = !this.#sink.write(message);
  }
}
