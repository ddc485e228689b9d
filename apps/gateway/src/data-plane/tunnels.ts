import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long nothing may move on a connection. Whoever keeps one open says something each minute or more often. */
const IDLE_MS = 120_000;
/** How long those who are asked to end may take for it. */
const END_WITHIN_MS = 1_000;
/** What a timer can hold; one that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The connections that have left HTTP. Each is between a client and a service, until one of them or the gateway ends it. */
export class Tunnels {
  readonly #open = new Set<Tunnel>();
  readonly #idleMs: number;
  #ending = false;

  constructor(idleMs = IDLE_MS) {
    this.#idleMs = idleMs;
  }

  /** Passes on what comes on either side, as fast as the other takes it, for so many milliseconds at most. */
  join(client: Socket, service: Duplex, withinMs: number): void {
    const tunnel = new Tunnel(client, service, this.#idleMs, () => this.#open.delete(tunnel));
    this.#open.add(tunnel);
    if (this.#ending) tunnel.end();
    else tunnel.endWithin(withinMs);
  }

  /** Ends all of them, and those that are still to come. */
  end(): void {
    this.#ending = true;
    for (const tunnel of this.#open) tunnel.end();
  }
}

class Tunnel {
  readonly #client: Socket;
  readonly #service: Duplex;
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: Socket, service: Duplex, idleMs: number, over: () => void) {
    this.#client = client;
    this.#service = service;
    this.#over = over;
    client.setTimeout(idleMs, () => this.#cut());
    client.pipe(service);
    service.pipe(client);
    service.once('end', () => {
      // What the client still says is for nobody, and must not break what it is still to be told.
      client.unpipe(service).resume();
      service.end();
    });
    for (const [side, other] of [
      [client, service],
      [service, client],
    ] as const) {
      side.on('error', () => this.#cut());
      side.once('close', () => {
        if (!side.readableEnded || !side.writableFinished) this.#cut();
        if (other.closed) this.#close();
      });
    }
  }

  endWithin(ms: number): void {
    this.#timer = setTimeout(() => this.end(), Math.min(Math.max(0, ms), LONGEST_TIMER_MS)).unref();
  }

  /** Both are told that nothing more comes. What was on the way arrives. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#cut(), END_WITHIN_MS).unref();
    this.#client.unpipe(this.#service).resume().end();
    this.#service.unpipe(this.#client).resume().end();
  }

  #cut(): void {
    this.#client.destroy();
    this.#service.destroy();
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#over();
  }
}
