interface Deadline<T> {
  readonly at: number;
  /** Of two at the same time the one that was set first comes first: the order is the same in every run. */
  readonly order: number;
  readonly value: T;
}

/**
 * What is due when: a binary heap, so that a look costs nothing while nothing is due, however much waits.
 * https://en.wikipedia.org/wiki/Binary_heap
 */
export class Deadlines<T> {
  readonly #heap: Deadline<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  set(at: number, value: T): void {
    const heap = this.#heap;
    let index = heap.length;
    const deadline = { at, order: this.#order++, value };
    heap.push(deadline);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (!parent || before(parent, deadline)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = deadline;
  }

  /** Takes out the next one that is due at `now`. */
  due(now: number): T | undefined {
    const [first] = this.#heap;
    if (!first || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#sink(last);
    return first.value;
  }

  /** Puts it where it belongs, from the top downwards. */
  #sink(deadline: Deadline<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      const lesser = right && left && before(right, left) ? right : left;
      if (!lesser || before(deadline, lesser)) break;
      heap[index] = lesser;
      index = 2 * index + (lesser === left ? 1 : 2);
    }
    heap[index] = deadline;
  }
}

const before = <T>(a: Deadline<T>, b: Deadline<T>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
