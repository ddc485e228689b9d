import type { Socket } from 'node:net';

/** What a link does with the bytes that it is given. */
export interface LinkFaults {
  /** Nothing is read any more, in either direction: neither bytes nor an end get through. */
  readonly frozen: boolean;
  /** Milliseconds by which every chunk is late, in each direction. */
  readonly delayMs: number;
  /** Whether the answer to this request is lost together with the connection. */
  readonly losesAnswerTo: (request: Buffer) => boolean;
}

/** One connection through a fault proxy: the client's socket and the one to the target, joined. */
export class FaultLink {
  readonly #faults: () => LinkFaults;
  readonly #client: Socket;
  readonly #target: Socket;
  /** What came while frozen: the end of a stream is not held back by a pause. */
  readonly #held: (() => void)[] = [];
  #loseNextAnswer = false;

  constructor(client: Socket, target: Socket, faults: () => LinkFaults) {
    this.#faults = faults;
    this.#client = client;
    this.#target = target;
    for (const socket of [client, target]) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
    }
    this.#pump(client, target, (request) => {
      this.#loseNextAnswer ||= faults().losesAnswerTo(request);
      return true;
    });
    this.#pump(target, client, () => !this.#loseNextAnswer);
    this.follow();
  }

  /** Does what the faults say from now on. */
  follow(): void {
    const { frozen } = this.#faults();
    for (const socket of [this.#client, this.#target]) {
      if (frozen) socket.pause();
      else socket.resume();
    }
    if (!frozen) for (const act of this.#held.splice(0)) act();
  }

  /** Ends the connection for both sides at once, as a crashed peer's system does. */
  cut(): void {
    this.#client.destroy();
    this.#target.destroy();
  }

  #pump(from: Socket, to: Socket, mayPass: (chunk: Buffer) => boolean): void {
    let free = 0; // when the last chunk goes out: a shorter delay must not overtake a longer one
    const later = (act: () => void): void => {
      const pass = (): void => void (this.#faults().frozen ? this.#held.push(act) : act());
      free = Math.max(free, performance.now() + this.#faults().delayMs);
      const wait = free - performance.now();
      if (wait <= 0) pass();
      else setTimeout(pass, wait);
    };
    from.on('data', (chunk: Buffer) => {
      if (!mayPass(chunk)) return this.cut();
      later(() => {
        if (to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once('drain', () => this.follow());
      });
    });
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroySoon()));
  }
}
