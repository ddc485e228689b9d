/** What happened in calls to one service, counted from the start of the process. */
export class CallCounts {
  attempts = 0;
  retries = 0;
  hedges = 0;
  ejections = 0;
  /** Calls that a full bulkhead refused. */
  refused = 0;
  /** Calls that an open breaker refused. */
  heldBack = 0;
  backup = 0;
  prepared = 0;
  'last-good' = 0;
}
