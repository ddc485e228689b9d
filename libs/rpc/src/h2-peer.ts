import { crowdedOut, unreachable } from './call-failures.js';
import type { H2Call } from './h2-call.js';
import { CONNECT_TIMEOUT_MS, H2Session } from './h2-session.js';

/** More than one only when the peer limits its calls on each. Peers commonly take 100 or more. */
const MOST_SESSIONS = 8;

/** Calls that wait for a connection or for their turn; what is beyond fails at once. */
const MOST_WAITING = 10_000;

/** After a failed attempt to connect, none is made for so long: a dead address costs ten packets a second, not thousands. */
const RECONNECT_PAUSE_MS = 100;

/** One address: its sessions, and the calls that wait for one. */
export class H2Peer {
  readonly #address: string;
  readonly #detached: <T>(run: () => T) => T;
  /** Those that take calls or will. */
  readonly #sessions: H2Session[] = [];
  /** In order of arrival, with the timer of their patience. */
  readonly #waiting = new Map<H2Call, NodeJS.Timeout>();
  #pausedUntil = -Infinity;
  #closed = false;

  /** `detached` runs something outside the call that happens to cause it. */
  constructor(address: string, detached: <T>(run: () => T) => T) {
    this.#address = address;
    this.#detached = detached;
  }

  /** Starts the call, now or as soon as there is room for it. */
  readonly send = (call: H2Call): void => {
    const session = this.#free();
    if (session) call.start(session, this.send);
    else if (!call.settled) this.#wait(call);
  };

  /** Calls under way may finish; those that wait fail. */
  close(): void {
    this.#closed = true;
    for (const session of [...this.#sessions]) session.close();
    this.#dismiss();
  }

  #free(): H2Session | undefined {
    for (const session of this.#sessions) if (session.free) return session;
    return undefined;
  }

  #wait(call: H2Call): void {
    if (this.#waiting.size >= MOST_WAITING) return call.fail(crowdedOut());
    this.#grow();
    if (this.#sessions.length === 0) return call.fail(unreachable());
    const patience = Math.min(CONNECT_TIMEOUT_MS, call.timeLeft / 2); // the rest is for a retry elsewhere
    const giveUp = () => {
      this.#waiting.delete(call);
      call.fail(this.#sessions.some(({ state }) => state === 'ready') ? crowdedOut() : unreachable());
    };
    this.#waiting.set(call, setTimeout(giveUp, patience));
  }

  /** Gives those who wait their turn, and opens another session for those who still wait. */
  #serve(): void {
    for (const [call, patience] of this.#waiting) {
      const session = this.#free();
      if (!session) return this.#grow();
      clearTimeout(patience);
      this.#waiting.delete(call);
      if (!call.settled) call.start(session, this.send);
    }
  }

  /** Opens one more session unless one is coming, there are enough, or the last attempt has only just failed. */
  #grow(): void {
    if (this.#closed || this.#sessions.length >= MOST_SESSIONS || performance.now() < this.#pausedUntil) return;
    if (this.#sessions.some(({ state }) => state === 'connecting')) return;
    try {
      this.#sessions.push(this.#detached(() => this.#open()));
    } catch (error) {
      this.#failed(error); // the address is none
    }
  }

  #open(): H2Session {
    let connected = false;
    const session: H2Session = new H2Session(this.#address, {
      ready: () => {
        connected = true;
        this.#serve();
      },
      room: () => this.#serve(),
      draining: () => this.#forget(session),
      closed: (cause) => {
        this.#forget(session);
        if (!connected) this.#failed(cause);
      },
    });
    return session;
  }

  #forget(session: H2Session): void {
    const at = this.#sessions.indexOf(session);
    if (at < 0) return;
    this.#sessions.splice(at, 1);
    if (session.state !== 'closed' || this.#waiting.size > 0) this.#serve();
  }

  #failed(cause: unknown): void {
    this.#pausedUntil = performance.now() + RECONNECT_PAUSE_MS;
    if (this.#sessions.length === 0) this.#dismiss(cause);
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
