/** What a person reads when a command cannot do its work: one line that says what to do. */
export class Failure extends Error {
  /** Whether the same may work a moment later. */
  readonly passing: boolean;

  constructor(message: string, { passing = false }: { readonly passing?: boolean } = {}) {
    super(message);
    this.passing = passing;
  }
}
