export interface SubsetOptions {
  /** How many endpoints this caller keeps to. */
  readonly size: number;
  /** Names this caller: the same name, the same part. */
  readonly client: string;
}
