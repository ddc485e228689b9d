import { createHash, timingSafeEqual } from 'node:crypto';

/** What others may be asked for and nobody is told: it can be compared with, and neither read nor printed. */
export class Secret {
  readonly #digest: Buffer;

  constructor(text: string) {
    this.#digest = digestOf(text);
  }

  /** Takes as long for a good guess as for a bad one. */
  is(given: string): boolean {
    return timingSafeEqual(digestOf(given), this.#digest);
  }

  toJSON(): string {
    return '(secret)';
  }
}

/** All of one length, which a comparison in constant time needs. */
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
