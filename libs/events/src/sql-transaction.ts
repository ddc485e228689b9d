/**
 * The part of Prisma's `TransactionClient` that the outbox and the inbox need. A client outside a transaction has
 * `$connect` and does not fit, so that nothing can be published next to a change instead of with it.
 */
export interface SqlTransaction {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): Promise<number>;
  readonly $connect?: never;
}

/** What opens transactions: the part of a Prisma client that a consumer needs. Times in milliseconds. */
export interface TransactionalDatabase<Tx extends SqlTransaction> {
  $transaction<Result>(run: (tx: Tx) => Promise<Result>, limits: { maxWait: number; timeout: number }): Promise<Result>;
}
