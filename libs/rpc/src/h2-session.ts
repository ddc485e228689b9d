import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2';
import { type Socket, connect as connectTcp } from 'node:net';
import { Keepalive } from './keepalive.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone. */
export const CONNECT_TIMEOUT_MS = 1_000;

/** How often a session is looked at; the sum with keepalive's times is how late a frozen peer is noticed. */
const LOOK_EVERY_MS = 500;

/** Stream ids are odd and 31 bits long; a session retires before it runs out of them. */
const MOST_CALLS = 1_000_000_000;

const OPTIONS = {
  settings: {
    enablePush: false,
    // What a peer may send unasked: a window of 64 KiB would make a large answer wait for a round trip every 64 KiB.
    initialWindowSize: 1024 * 1024,
    maxHeaderListSize: 64 * 1024,
  },
  // In MB. Node resets streams of a session that holds more, and requests that wait for a peer's window count.
  maxSessionMemory: 256,
};
const SESSION_WINDOW = 8 * 1024 * 1024;

/** What its owner wants to hear. */
export interface SessionEvents {
  /** Connected, and calls may start. */
  ready(): void;
  /** A call ended, or the peer takes more at once. */
  room(): void;
  /** Takes no more calls; those under way may finish. */
  draining(): void;
  /** `cause` when it never became ready or broke. */
  closed(cause?: unknown): void;
}

/** One connection. It is ready when the peer's SETTINGS came: an open port alone may belong to a frozen process. */
export class H2Session {
  readonly #socket: Socket;
  readonly #session: ClientHttp2Session;
  readonly #events: SessionEvents;
  readonly #keepalive = new Keepalive();
  #state: 'connecting' | 'ready' | 'draining' | 'closed' = 'connecting';
  /** How many calls the peer takes at once. */
  #limit = 0;
  #calls = 0;
  #answers = 0;
  #opened = 0;
  /** The last stream that the peer looks at; all until it says otherwise. */
  #lastAccepted = Infinity;

  /** Throws for an address that is none. */
  constructor(address: string, events: SessionEvents) {
    const url = new URL(`http://${address}`);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    this.#events = events;
    this.#socket = connectTcp({ host, port: Number(url.port || 80), noDelay: true });
    this.#session = connectHttp2(url, { ...OPTIONS, createConnection: () => this.#socket });
    this.#follow(this.#session);
  }

  get state() {
    return this.#state;
  }

  /** Whether a call may start now. */
  get free(): boolean {
    return this.#state === 'ready' && this.#calls < this.#limit;
  }

  /** Starts a call; whoever does says when it was `answered` and when it `ended`. Throws for headers that HTTP/2 does not know. */
  open(headers: readonly string[]): ClientHttp2Stream {
    const stream = this.#session.request(headers);
    this.#calls++;
    if (++this.#opened === MOST_CALLS) this.close();
    return stream;
  }

  answered(): void {
    this.#answers++;
  }

  ended(): void {
    this.#calls--;
    this.#events.room();
  }

  /** Whether the peer never saw this call, or said that it would never look at it. */
  leftBehind(stream: ClientHttp2Stream): boolean {
    return stream.id === undefined || stream.id > this.#lastAccepted;
  }

  /** Takes no more calls, and ends when those under way have finished. */
  close(): void {
    if (this.#state === 'connecting') return this.#break();
    this.#session.close();
    this.#drain();
  }

  #follow(session: ClientHttp2Session): void {
    let cause: unknown;
    const patience = setTimeout(() => this.#break(), CONNECT_TIMEOUT_MS);
    const looking = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }) => {
      this.#limit = maxConcurrentStreams;
      if (this.#state !== 'connecting') return this.#events.room();
      clearTimeout(patience);
      session.setLocalWindowSize(SESSION_WINDOW);
      session.unref(); // an idle connection keeps no process alive; a call does, by the timer of its deadline
      this.#state = 'ready';
      this.#events.ready();
    });
    session.on('goaway', (_code, lastStreamId) => {
      this.#lastAccepted = lastStreamId;
      this.#drain();
    });
    session.on('error', (error) => (cause = error));
    session.on('close', () => {
      clearTimeout(patience);
      clearInterval(looking);
      this.#state = 'closed';
      this.#events.closed(cause);
    });
  }

  #drain(): void {
    if (this.#state !== 'ready') return;
    this.#state = 'draining';
    this.#events.draining();
  }

  #look(): void {
    const { bytesRead: received } = this.#socket;
    const now = performance.now();
    const sign = this.#keepalive.look({ now, received, calls: this.#calls, answers: this.#answers });
    if (sign === 'dead') this.#break();
    if (sign === 'ask' && !this.#session.destroyed) this.#session.ping(() => undefined); // the answer counts as received
  }

  /** At once, whatever is under way: there is nobody to say goodbye to. */
  #break(): void {
    this.#socket.destroy();
  }
}
