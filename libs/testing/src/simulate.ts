import { seededRandom } from './seeded-random.js';

/** A world in which time passes only from one event to the next, and chance repeats. */
export interface Simulation {
  /** Milliseconds since the start. Bound, as is `random`, so that both can be passed on as functions. */
  readonly now: () => number;
  readonly random: () => number;
  /** Runs at that time, or next if it has passed. Events of one moment run in the order they were asked for. */
  at(time: number, run: () => void): void;
  /** Runs so many milliseconds from now. */
  after(delay: number, run: () => void): void;
  /** Lets time pass until then: everything that is due runs, and what it asks for in turn. */
  runUntil(end: number): void;
}

/** A discrete-event simulation: the same seed and the same code give the same run, in a small part of its time. */
export function simulate(seed: number): Simulation {
  const agenda = new Agenda();
  let now = 0;
  const at = (time: number, run: () => void) => agenda.add(Math.max(time, now), run);
  return {
    now: () => now,
    random: seededRandom(seed),
    at,
    after: (delay, run) => at(now + delay, run),
    runUntil(end) {
      for (let event = agenda.next(end); event; event = agenda.next(end)) {
        now = event.time;
        event.run();
      }
      now = Math.max(now, end);
    },
  };
}

interface Event {
  readonly time: number;
  /** Counts up: what was asked for first runs first. */
  readonly order: number;
  readonly run: () => void;
}

/** A binary heap: the earliest event on top. */
class Agenda {
  readonly #events: Event[] = [];
  #order = 0;

  add(time: number, run: () => void): void {
    const events = this.#events;
    let place = events.push({ time, order: this.#order++, run }) - 1;
    while (place > 0 && this.#before(place, (place - 1) >> 1)) {
      this.#swap(place, (place - 1) >> 1);
      place = (place - 1) >> 1;
    }
  }

  /** Takes out the earliest event that is due by `end`. */
  next(end: number): Event | undefined {
    const events = this.#events;
    const earliest = events[0];
    if (!earliest || earliest.time > end) return undefined;
    this.#swap(0, events.length - 1);
    events.pop();
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      const child = this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#before(child, place)) return earliest;
      this.#swap(child, place);
      place = child;
    }
  }

  #before(place: number, other: number): boolean {
    const a = this.#events[place];
    const b = this.#events[other];
    if (!a || !b) return false;
    return a.time === b.time ? a.order < b.order : a.time < b.time;
  }

  #swap(place: number, other: number): void {
    const a = this.#events[place];
    const b = this.#events[other];
    if (!a || !b) return;
    this.#events[place] = b;
    this.#events[other] = a;
  }
}
