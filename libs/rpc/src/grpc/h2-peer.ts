import { crowdedOut, slowToConnect, unreachable } from '../call-failures.js';
import type { H2Call } from './h2-call.js';
import { methodHeaders } from './grpc-headers.js';
import { Connection } from '../http2/connection.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone, unless the policy says otherwise. */
const CONNECT_TIMEOUT_MS = 1_000;

/** More than one only when the peer limits its calls on each. Peers commonly take 100 or more. */
const MOST_CONNECTIONS = 8;

/** Calls that wait for a connection or for their turn; what is beyond fails at once. */
const MOST_WAITING = 10_000;

/** Methods whose headers are kept; a service has dozens. */
const MOST_METHODS = 1_000;

/** After a failed attempt to connect, none is made for so long: a dead address costs ten packets a second, not thousands. */
const RECONNECT_PAUSE_MS = 100;

/** One address: its connections, and the calls that wait for one. */
export class H2Peer {
  readonly #address: string;
  readonly #detached: <T>(run: () => T) => T;
  /** Those that take calls or will. */
  readonly #connections: Connection[] = [];
  /** In order of arrival, with the timer of their patience. */
  readonly #waiting = new Map<H2Call, NodeJS.Timeout>();
  /** Prepared headers by path. */
  readonly #methods = new Map<string, Buffer>();
  #pausedUntil = -Infinity;
  #closed = false;

  /** `detached` runs something outside the call that happens to cause it. */
  constructor(address: string, detached: <T>(run: () => T) => T) {
    this.#address = address;
    this.#detached = detached;
  }

  /** Starts the call, now or as soon as there is room for it. */
  readonly send = (call: H2Call): void => {
    const connection = this.#free();
    if (connection) this.#start(call, connection);
    else if (!call.settled) this.#wait(call);
  };

  /** Calls under way may finish; those that wait fail. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#connections]) connection.close();
    this.#dismiss();
  }

  #start(call: H2Call, connection: Connection): void {
    const { path } = call.attempt;
    let headers = this.#methods.get(path);
    if (!headers) {
      headers = methodHeaders(this.#address, path);
      if (this.#methods.size >= MOST_METHODS) this.#methods.clear();
      if (headers) this.#methods.set(path, headers);
    }
    call.start(connection, headers, this.send);
  }

  #free(): Connection | undefined {
    for (const connection of this.#connections) if (connection.free) return connection;
    return undefined;
  }

  #wait(call: H2Call): void {
    if (this.#waiting.size >= MOST_WAITING) return call.fail(crowdedOut());
    const { connectTimeout = CONNECT_TIMEOUT_MS } = call.attempt;
    this.#grow(connectTimeout);
    if (this.#connections.length === 0) return call.fail(unreachable());
    const patience = Math.min(connectTimeout, call.timeLeft / 2); // the rest is for a retry elsewhere
    const giveUp = () => {
      this.#waiting.delete(call);
      call.fail(this.#connections.some(({ state }) => state === 'ready') ? crowdedOut() : slowToConnect());
    };
    this.#waiting.set(call, setTimeout(giveUp, patience));
  }

  /** Gives those who wait their turn, and opens another connection for those who still wait. */
  #serve(): void {
    for (const [call, patience] of this.#waiting) {
      const connection = this.#free();
      if (!connection) return this.#grow(call.attempt.connectTimeout);
      clearTimeout(patience);
      this.#waiting.delete(call);
      if (!call.settled) this.#start(call, connection);
    }
  }

  /** Opens one more connection unless one is coming, there are enough, or the last attempt has only just failed. */
  #grow(connectTimeout = CONNECT_TIMEOUT_MS): void {
    if (this.#closed || this.#connections.length >= MOST_CONNECTIONS || performance.now() < this.#pausedUntil) return;
    if (this.#connections.some(({ state }) => state === 'connecting')) return;
    try {
      this.#connections.push(this.#detached(() => this.#open(connectTimeout)));
    } catch {
      this.#pause(); // the address is none; those who wait find no connection coming
    }
  }

  #open(connectTimeout: number): Connection {
    let connected = false;
    const connection: Connection = new Connection(
      { ...endpointOf(this.#address), connectTimeout },
      {
        ready: () => {
          connected = true;
          this.#serve();
        },
        room: () => this.#serve(),
        draining: () => this.#forget(connection),
        closed: (cause) => {
          if (!connected) this.#pause();
          this.#forget(connection);
          if (!connected && this.#connections.length === 0) this.#dismiss(cause);
        },
      },
    );
    return connection;
  }

  #forget(connection: Connection): void {
    const at = this.#connections.indexOf(connection);
    if (at < 0) return;
    this.#connections.splice(at, 1);
    this.#serve(); // who waited for this one
  }

  #pause(): void {
    this.#pausedUntil = performance.now() + RECONNECT_PAUSE_MS;
  }

  #dismiss(cause?: unknown): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [call, patience] of waiting) {
      clearTimeout(patience);
      call.fail(unreachable(cause));
    }
  }
}

/** Throws for what is no `host:port`. */
function endpointOf(address: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(`http://${address}`);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 80) };
}
