/** What can be picked. Two candidates with one id are the same one. */
export interface OldCandidate {
  readonly id: string;
}

/** A fixed list to pick from. Picking is all that happens per call: it allocates nothing and never waits. */
export interface Picker<T extends OldCandidate> {
  /** One of the candidates that is not among `tried`; undefined when there is none. */
  pick(tried: readonly OldCandidate[]): T | undefined;
}

/**
 * A way to pick. It follows the candidates as they come and go, hands out a picker for each list of them, and keeps
 * what it knows from one list to the next.
 */
export interface Strategy {
  picker<T extends OldCandidate>(candidates: readonly T[]): Picker<T>;
}
