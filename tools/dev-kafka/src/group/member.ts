import type { Protocol } from './protocols.js';

export interface JoinRequest {
  readonly memberId: string;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly Protocol[];
}

/** What a member is told when a generation begins. `members` is for the leader, which assigns; empty for others. */
export interface Joined {
  readonly generation: number;
  readonly protocol: string;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[];
}

/** A member of a group, as the coordinator sees it. */
export class Member {
  request: JoinRequest;
  assignment = Buffer.alloc(0);
  /** Epoch milliseconds by which it must be heard of, unless it waits for us. */
  expiresAt = 0;
  /** Set while its JoinGroup waits for the others. */
  joining: PromiseWithResolvers<Joined> | undefined;
  /** Set while its SyncGroup waits for the leader. */
  syncing: PromiseWithResolvers<Buffer> | undefined;

  constructor(request: JoinRequest) {
    this.request = request;
  }

  get id(): string {
    return this.request.memberId;
  }

  isExpired(now: number): boolean {
    return !this.joining && !this.syncing && this.expiresAt <= now;
  }

  heardOf(now: number): void {
    this.expiresAt = now + this.request.sessionTimeoutMs;
  }

  metadata(protocol: string): Buffer {
    return this.request.protocols.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0);
  }

  /** Ends what it waits for. */
  refuse(error: Error): void {
    this.joining?.reject(error);
    this.syncing?.reject(error);
    this.joining = undefined;
    this.syncing = undefined;
  }
}
