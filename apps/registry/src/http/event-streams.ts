import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WatchRequest } from '@trellis/contracts/registry/v1';
import { resourceExhausted, unavailable } from '@trellis/errors';
import { Allowances } from '../limits/allowances.js';
import type { Registry } from '../registry.js';
import type { Position } from '../watch/watch-messages.js';

/** Browsers allow six connections to a host; a script may want one for each service. */
const MAX_PER_ADDRESS = 64;
const MAX_IN_ALL = 1_024;
/** Milliseconds. Proxies close a stream that is silent for 30 to 60 s; and a reader that takes nothing for so long is gone. */
const BEAT = 15_000;

/** Streams that one address may open. The registry counts those of all HTTP clients together. */
const OPENED = { burst: 128, perSecond: 5 };

const COMMENT = ':\n\n';
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no', // nginx would keep the events until it has a page full
};

export interface EventStreamsOptions {
  readonly registry: Registry;
  /** Aborted when the registry ends: every stream ends with it. */
  readonly draining: AbortSignal;
  /** Milliseconds between two signs of life. */
  readonly beat?: number;
}

/** Followers of the catalogue over server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStreams {
  readonly #registry: Registry;
  readonly #draining: AbortSignal;
  readonly #beat: number;
  readonly #opened = new Allowances(OPENED);
  readonly #perAddress = new Map<string, number>();
  #open = 0;

  constructor({ registry, draining, beat = BEAT }: EventStreamsOptions) {
    this.#registry = registry;
    this.#draining = draining;
    this.#beat = beat;
  }

  /** How many follow now. */
  get size(): number {
    return this.#open;
  }

  /**
   * Tells the client of every change until one of the two ends. Throws RESOURCE_EXHAUSTED with reason TOO_MANY_STREAMS,
   * and UNAVAILABLE when the registry is about to end.
   */
  follow(request: IncomingMessage, response: ServerResponse, { service, epoch, revision }: WatchRequest): void {
    if (this.#draining.aborted) throw unavailable('This registry is going away', { reason: 'DRAINING' });
    if (request.method === 'HEAD') return void response.writeHead(200, HEADERS).end();
    const uncount = this.#count(request.socket.remoteAddress ?? '');
    let unwatch: () => void;
    try {
      const sink = {
        write: ({ events }: { readonly events: string }) => {
          if (!response.headersSent) response.writeHead(200, HEADERS);
          return response.write(events);
        },
        onDrain: (listener: () => void) => void response.on('drain', listener),
      };
      const from = lastEvent(request) ?? (epoch === '' ? undefined : { epoch, revision });
      unwatch = this.#registry.watch('HTTP', sink, { service: service || undefined, from });
    } catch (error) {
      uncount();
      throw error;
    }
    const letGo = keepAlive(response, this.#beat);
    const end = (): void => void response.end();
    this.#draining.addEventListener('abort', end, { once: true });
    response.once('close', () => {
      this.#draining.removeEventListener('abort', end);
      letGo();
      unwatch();
      uncount();
    });
  }

  #count(address: string): () => void {
    this.#opened.spend(address, this.#registry.now());
    const own = this.#perAddress.get(address) ?? 0;
    if (own >= MAX_PER_ADDRESS || this.#open >= MAX_IN_ALL) {
      throw resourceExhausted('Too many watchers', { reason: 'TOO_MANY_STREAMS', retryAfter: 5 });
    }
    this.#open += 1;
    this.#perAddress.set(address, own + 1);
    return () => {
      this.#open -= 1;
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    };
  }
}

/** Comments in times without events. A reader that has taken nothing between two of them is cut off. */
function keepAlive(response: ServerResponse, beat: number): () => void {
  let stuck = false;
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) {
      stuck = false;
      response.write(COMMENT);
    } else if (stuck) response.destroy();
    else stuck = true;
  }, beat);
  return () => clearInterval(timer);
}

/** Where a client that comes back was: it sends the id of the last event that it has seen. */
function lastEvent({ headers }: IncomingMessage): Position | undefined {
  const [, epoch, revision] = /^([^:]{1,64}):(\d{1,19})$/.exec(String(headers['last-event-id'] ?? '')) ?? [];
  return epoch !== undefined && revision !== undefined ? { epoch, revision: BigInt(revision) } : undefined;
}
