/** What a person reads when a command cannot do its work: one line that says what to do. */
export class Failure extends Error {}
