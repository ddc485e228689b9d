import type { MessageInitShape } from '@bufbuild/protobuf';
import type { WatchResponseSchema } from '@trellis/contracts/registry/v1';
import type { Catalogue } from './catalogue.js';
import type { Change } from './command.js';

/** Changes that may wait for a slow watcher. One that falls further behind gets a fresh snapshot instead of them. */
const MAX_WAITING = 1_024;

type Response = MessageInitShape<typeof WatchResponseSchema>;

/** The part of grpc-js's server stream that a watcher writes to. */
export interface WatchStream {
  write(response: Response): boolean;
  on(event: 'drain', listener: () => void): unknown;
}

/** One follower of the catalogue: a snapshot, then every change in its order, or a snapshot again where it was too slow. */
export class Watcher {
  readonly #stream: WatchStream;
  readonly #catalogue: Catalogue;
  readonly #service: string | undefined;
  #waiting: Change[] = [];
  #needsSnapshot = true;
  #blocked = false;

  /** `service` undefined: all of them. */
  constructor(stream: WatchStream, catalogue: Catalogue, service: string | undefined) {
    this.#stream = stream;
    this.#catalogue = catalogue;
    this.#service = service;
    stream.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    this.#flush();
  }

  tell(changes: readonly Change[]): void {
    if (this.#needsSnapshot) return; // it will hold them
    for (const change of changes) {
      if (this.#service === undefined || change.instance.service === this.#service) this.#waiting.push(change);
    }
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting = [];
      this.#needsSnapshot = true;
    }
    this.#flush();
  }

  #flush(): void {
    while (!this.#blocked) {
      const response = this.#next();
      if (!response) return;
      this.#blocked = !this.#stream.write(response);
    }
  }

  #next(): Response | undefined {
    const { epoch, revision } = this.#catalogue;
    if (this.#needsSnapshot) {
      this.#needsSnapshot = false;
      const instances = this.#catalogue.list(this.#service);
      return { epoch, revision, message: { case: 'snapshot', value: { instances } } };
    }
    const change = this.#waiting.shift();
    return change && { epoch, revision: change.revision, message: message(change) };
  }
}

function message(change: Change): Response['message'] {
  if (change.kind !== 'left') return { case: change.kind, value: change.instance };
  const { id, service } = change.instance;
  return { case: 'left', value: { id, service, reason: change.reason } };
}
