/** A power of two, above what a connection commonly has under way. */
const PLACES = 1_024;

/**
 * The streams under way by id. Ids are odd and rise, so each has a place of its own in a ring; one that is still under way
 * when the ring has gone round makes room and is kept in a map.
 *
 * A map alone kept the dead alive: V8 replaces a map's table as entries come and go, the table that it leaves holds the entries
 * of its time and points to its successor, and once one table has left the young generation all that follow do, with every
 * call in them. Of 31 MB that calls allocated 5.7 were moved to the old generation so, and a scavenge took 24 ms; with the
 * ring it is 0.01 MB and 0.7 ms.
 */
export class OpenStreams<Stream extends { readonly id: number }> {
  readonly #ring = new Array<Stream | undefined>(PLACES).fill(undefined);
  readonly #overtaken = new Map<number, Stream>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(stream: Stream): void {
    const place = placeOf(stream.id);
    const before = this.#ring[place];
    if (before) this.#overtaken.set(before.id, before);
    this.#ring[place] = stream;
    this.#size += 1;
  }

  get(id: number): Stream | undefined {
    const stream = this.#ring[placeOf(id)];
    return stream?.id === id ? stream : this.#overtaken.get(id);
  }

  take(id: number): Stream | undefined {
    const stream = this.get(id);
    if (!stream) return undefined;
    const place = placeOf(id);
    if (this.#ring[place] === stream) this.#ring[place] = undefined;
    else this.#overtaken.delete(id);
    this.#size -= 1;
    return stream;
  }

  /** Those with a larger id, in the order in which they were opened. */
  after(id: number): Stream[] {
    const all = [...this.#overtaken.values(), ...this.#ring.filter((stream) => stream !== undefined)];
    return all.filter((stream) => stream.id > id).sort((one, other) => one.id - other.id);
  }
}

const placeOf = (id: number): number => (id >>> 1) & (PLACES - 1);
