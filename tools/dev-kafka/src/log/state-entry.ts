/** A position of a consumer group in a partition. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  /** Of the next record to read. */
  readonly offset: number;
  readonly metadata: string | null;
}

export interface GroupOffset extends CommittedOffset {
  readonly group: string;
}

export type TransactionState = 'empty' | 'ongoing' | 'committing' | 'aborting' | 'committed' | 'aborted';

/** Everything about the transactions of one transactional id. */
export interface TransactionRecord {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** When the ongoing transaction began, epoch milliseconds. */
  readonly startedAt: number;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
  /** To be committed with the transaction. */
  readonly offsets: readonly GroupOffset[];
}

/** The entries of the state journal. Later ones replace earlier ones about the same thing. */
export type StateEntry =
  | { readonly kind: 'producer-ids'; readonly reserved: number }
  | { readonly kind: 'offsets'; readonly group: string; readonly offsets: readonly CommittedOffset[] }
  | { readonly kind: 'group-deleted'; readonly group: string }
  | { readonly kind: 'topic-deleted'; readonly topic: string }
  | { readonly kind: 'transaction'; readonly transaction: TransactionRecord }
  | { readonly kind: 'transaction-forgotten'; readonly transactionalId: string };
