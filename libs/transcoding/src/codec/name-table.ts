const utf8 = new TextEncoder();

interface Entry<T> {
  readonly name: Uint8Array;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

/** Finds a name's value by the name's UTF-8, without making text of it. */
export class NameTable<T> {
  readonly #mask: number;
  readonly #buckets: (Entry<T> | undefined)[];

  /** The first of two same names counts. */
  constructor(entries: readonly (readonly [string, T])[]) {
    this.#mask = (1 << Math.ceil(Math.log2(entries.length * 2 + 1))) - 1;
    this.#buckets = Array.from({ length: this.#mask + 1 }, () => undefined);
    for (const [text, value] of entries.toReversed()) {
      const name = utf8.encode(text);
      const bucket = hashOf(name, 0, name.length) & this.#mask;
      this.#buckets[bucket] = { name, value, next: this.#buckets[bucket] };
    }
  }

  find(bytes: Uint8Array, start: number, end: number): T | undefined {
    let entry = this.#buckets[hashOf(bytes, start, end) & this.#mask];
    while (entry !== undefined && !isAt(entry.name, bytes, start, end)) entry = entry.next;
    return entry?.value;
  }
}

/** FNV-1a, 32 bits. http://www.isthe.com/chongo/tech/comp/fnv */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = -2128831035;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 16777619);
  return hash;
}

function isAt(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) if (name[index] !== bytes[start + index]) return false;
  return true;
}
