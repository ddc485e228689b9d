/** What the benchmark tells a load generator over IPC, and what it hears. */
export interface Target {
  readonly port: number;
  /** In turn. */
  readonly callers: readonly { readonly service: string; readonly credential: string }[];
}

export type SessionsOrder =
  | { readonly kind: 'open'; readonly target: Target; readonly sessions: number }
  /** Changes of state by one session after another, with pauses of 50 ms and more. */
  | { readonly kind: 'change'; readonly times: number }
  | { readonly kind: 'count' };

export type SessionsReport =
  | { readonly kind: 'all-listed' }
  | { readonly kind: 'changed'; readonly at: readonly number[] }
  /** Since the last count: when announcements were sent and when each was answered, and heartbeats. */
  | {
      readonly kind: 'counted';
      readonly announced: readonly number[];
      readonly listed: readonly number[];
      readonly heartbeats: number;
      readonly listedNow: number;
    };

export type WatchersOrder =
  { readonly kind: 'open'; readonly target: Target; readonly watchers: number } | { readonly kind: 'arrivals' };

export type WatchersReport =
  | { readonly kind: 'all-watching' }
  /** Since the last time, by revision: how many watchers it has reached, and when the last one of them. */
  | { readonly kind: 'arrived'; readonly revisions: readonly { revision: number; watchers: number; at: number }[] };
