/**
 * Thrown, without a trace, where a prepared codec meets what it does not read itself: something wrong, or something rare.
 * The general reading then decides which, so a codec may refuse too much but must never take what that reading refuses.
 */
export const REFUSED = new Error('is left to the general reading');

/** Messages inside of each other, as many as protobuf-es reads. */
export const MAX_DEPTH = 100;

export function refuse(): never {
  throw REFUSED;
}

/** Runs a prepared reading; undefined when it refuses. */
export function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === REFUSED) return undefined;
    throw error;
  }
}
