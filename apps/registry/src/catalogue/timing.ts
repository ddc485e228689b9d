/** All in milliseconds. */
export interface Timing {
  /** How often an instance is asked to beat. */
  readonly heartbeat: number;
  /** An instance whose stream broke leaves after this long unless it comes back. */
  readonly grace: number;
  /** An instance that has not beaten for this long leaves. */
  readonly lease: number;
  /** How often leases are looked through. */
  readonly tick: number;
}

/** Three beats may get lost; a crash, which breaks the stream, shows within the grace and one tick. */
export const TIMING: Timing = { heartbeat: 2_000, grace: 500, lease: 6_000, tick: 100 };
