/** Numbers below a capacity, each with a turn; gives back the earliest turn, of equal turns the lowest number. */
export class TurnHeap {
  readonly #numbers: Uint32Array;
  readonly #turns: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#numbers = new Uint32Array(capacity);
    this.#turns = new Float64Array(capacity);
  }

  /** Infinity when it is empty. */
  get earliest(): number {
    return this.#size === 0 ? Infinity : (this.#turns[0] ?? Infinity);
  }

  push(number: number, turn: number): void {
    let place = this.#size++;
    this.#numbers[place] = number;
    this.#turns[place] = turn;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Takes the number with the earliest turn out; undefined when it is empty. */
  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const popped = this.#numbers[0];
    this.#swap(0, --this.#size);
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      let first = place;
      if (left < this.#size && this.#before(left, first)) first = left;
      if (left + 1 < this.#size && this.#before(left + 1, first)) first = left + 1;
      if (first === place) return popped;
      this.#swap(place, first);
      place = first;
    }
  }

  #before(place: number, other: number): boolean {
    const difference = (this.#turns[place] ?? 0) - (this.#turns[other] ?? 0);
    return difference === 0 ? (this.#numbers[place] ?? 0) < (this.#numbers[other] ?? 0) : difference < 0;
  }

  #swap(place: number, other: number): void {
    const number = this.#numbers[place] ?? 0;
    const turn = this.#turns[place] ?? 0;
    this.#numbers[place] = this.#numbers[other] ?? 0;
    this.#turns[place] = this.#turns[other] ?? 0;
    this.#numbers[other] = number;
    this.#turns[other] = turn;
  }
}
