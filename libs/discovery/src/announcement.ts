import type { DescService } from '@bufbuild/protobuf';
import type { Instance } from './instance.js';
import type { Logger } from './logger.js';

/** A state that an instance reports of itself. */
export type OwnState = 'SERVING' | 'NOT_SERVING' | 'DRAINING';

/** A regular question of the registry to the instance: `grpc.health.v1.Health/Check`, or `GET path` for protocol http. */
export interface Probe {
  /** "/health" unless told. Of no meaning for gRPC. */
  readonly path?: string;
  /** Milliseconds between two questions; the registry's own 5 s unless told. */
  readonly intervalMs?: number;
  /** Milliseconds that an answer may take; the registry's own 1 s unless told. */
  readonly timeoutMs?: number;
}

export interface AnnouncedInstance extends Pick<
  Instance,
  'id' | 'service' | 'version' | 'address' | 'protocol' | 'zone' | 'weight' | 'metadata'
> {
  /** Free words to select by, such as "canary": letters, digits, dots, dashes and underscores. */
  readonly tags?: readonly string[];
  /** Absent: the registry does not ask, heartbeats count alone. */
  readonly probe?: Probe;
}

export interface AnnounceOptions {
  /** `host:port` of the registry's gRPC. */
  readonly address: string;
  readonly credential: string;
  /** `pid` and `start_time` of this process are added to its metadata. */
  readonly instance: AnnouncedInstance;
  /** The gRPC services that the instance answers: its contract. */
  readonly services?: readonly DescService[];
  /** What the instance says of itself at first; SERVING unless given. */
  readonly state?: OwnState;
  readonly logger: Logger;
  /** Numbers in [0, 1) for the jitter of reconnects. */
  readonly random?: () => number;
}

/** Keeps an instance listed until it leaves. */
export interface Announcement {
  /** Resolves when the registry has listed the instance; rejects with UNAVAILABLE, or with its refusal, after `withinMs`. */
  accepted(withinMs: number): Promise<void>;
  /** Reports a change at once, not only with the next heartbeat. */
  setState(state: OwnState): void;
  /** Takes the instance out and resolves when the registry has done so, or after two seconds at the latest. */
  leave(): Promise<void>;
}
