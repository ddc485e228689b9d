/** Lets so many run at a time for each key, the others after them in the order in which they came. */
export class Turns {
  readonly #limit: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with the way to end the turn when it has begun. */
  async take(key: string): Promise<() => void> {
    const running = this.#running.get(key) ?? 0;
    if (running < this.#limit) {
      this.#running.set(key, running + 1);
    } else {
      const queue = this.#waiting.get(key) ?? [];
      this.#waiting.set(key, queue);
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    return () => this.#end(key);
  }

  #end(key: string): void {
    const queue = this.#waiting.get(key);
    const next = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(key);
    if (next) return next(); // the turn goes from hand to hand
    const running = (this.#running.get(key) ?? 1) - 1;
    if (running > 0) this.#running.set(key, running);
    else this.#running.delete(key);
  }
}
