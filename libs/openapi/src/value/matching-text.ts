/** No example is longer, whatever a contract asks for. In characters. */
export const LONGEST_EXAMPLE = 256;

/**
 * A text that a regular expression would match, the same each time; undefined when it has something that is not known here.
 * Known are literals, classes, groups, alternatives and repetition, as expressions in contracts have them. What may be
 * repeated is repeated `often` times. Whoever uses the text checks it.
 */
export function matchingText(pattern: string, often: number): string | undefined {
  try {
    const reader = new Reader(pattern, often);
    const text = reader.alternatives();
    return reader.done ? text : undefined;
  } catch {
    return undefined;
  }
}

/** What to try as a member of a class, the plainest first. */
const LETTERS = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@ +,;=~!#$%&()*?[]^{|}"\'\\<>`é€中',
];

const QUANTIFIER = /^(?:\{(\d+)(,?)(\d*)\}|([*+?]))\??/;
const ESCAPE = /^\\(?:x[\da-f]{2}|u\{[\da-f]+\}|u[\da-f]{4}|p\{\w+(?:=\w+)?\}|.)/isu;
const CLASS = /^\[(?:\\.|[^\]\\])*\]/su;
const GROUP = /^\((?:\?:|\?<\w+>)?(?!\?)/;

/** Reads an expression from left to right, and writes what it would match. Throws when it cannot. */
class Reader {
  #rest: string;
  readonly #often: number;

  constructor(pattern: string, often: number) {
    this.#rest = pattern;
    this.#often = often;
  }

  get done(): boolean {
    return this.#rest === '';
  }

  /** Writes the first one; the others are read and passed over. */
  alternatives(): string {
    const text = this.#sequence();
    while (this.#take(/^\|/) !== undefined) this.#sequence();
    return text;
  }

  #sequence(): string {
    let text = '';
    while (!this.done && !/^[|)]/.test(this.#rest)) text += this.#repeated(this.#atom());
    return text;
  }

  #repeated(once: string): string {
    const found = QUANTIFIER.exec(this.#rest);
    if (!found) return once;
    this.#rest = this.#rest.slice(found[0].length);
    const [, min, comma, max, sign] = found;
    const least = min === undefined ? (sign === '+' ? 1 : 0) : Number(min);
    const most = sign === '?' ? 1 : comma === '' ? least : max ? Number(max) : Infinity;
    const times = Math.min(most, Math.max(least, this.#often));
    if (once.length * times > LONGEST_EXAMPLE) throw new Error('too long');
    return once.repeat(times);
  }

  #atom(): string {
    if (this.#take(GROUP) !== undefined) {
      const text = this.alternatives();
      if (this.#take(/^\)/) === undefined) throw new Error('an open group');
      return text;
    }
    const set = this.#take(CLASS) ?? this.#take(ESCAPE);
    if (set !== undefined) return /^\\b$/i.test(set) ? '' : memberOf(set);
    const character = this.#take(/^[^(\\[]/su) ?? '';
    if (character === '') throw new Error('not known here');
    return '^$'.includes(character) ? '' : character === '.' ? 'a' : character;
  }

  #take(what: RegExp): string | undefined {
    const found = what.exec(this.#rest)?.[0];
    if (found !== undefined) this.#rest = this.#rest.slice(found.length);
    return found;
  }
}

/** A character that a class or an escape stands for. */
function memberOf(set: string): string {
  const member = new RegExp(`^${set}$`, 'u');
  const itself = set.replaceAll(/^\\|^\[\\?|\]$/g, '').slice(0, 1);
  const found = [...LETTERS, itself].find((letter) => member.test(letter));
  if (found === undefined) throw new Error('not known here');
  return found;
}
