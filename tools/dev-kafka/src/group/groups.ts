import { randomUUID } from 'node:crypto';
import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { CommittedOffsets } from './committed-offsets.js';
import { Group } from './group.js';
import type { Joined, JoinRequest } from './member.js';

/** Groups with members; those that have lost theirs make room for others. */
const MAX_GROUPS = 1000;
/** Kafka allows 6 s to 30 min; shorter ones make tests quick. */
const SESSION_TIMEOUT_MS = { min: 100, max: 30 * 60_000 };
/** Member ids that were handed out and may still join; the oldest are forgotten. */
const MAX_INVITED = 1000;

/** The group coordinator. Membership lives in memory: after a restart the members join again. Offsets survive. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #invited = new Set<string>();

  constructor(
    readonly offsets: CommittedOffsets,
    readonly now: () => number,
  ) {}

  /** Groups that have or had members, and those that only have offsets. */
  get ids(): string[] {
    return [...new Set([...this.#groups.keys(), ...this.offsets.groups])];
  }

  find(id: string): Group | undefined {
    return this.#groups.get(id);
  }

  exists(id: string): boolean {
    return this.#groups.has(id) || this.offsets.has(id);
  }

  /** A member id to join with. Kafka hands it out first so that a lost answer leaves no ghost in the group. */
  invite(clientId: string): string {
    const memberId = `${clientId || 'member'}-${randomUUID()}`;
    this.#invited.add(memberId);
    const oldest = this.#invited.values().next().value;
    if (this.#invited.size > MAX_INVITED && oldest !== undefined) this.#invited.delete(oldest);
    return memberId;
  }

  /** Rejects with `KafkaError`. */
  async join(id: string, request: JoinRequest): Promise<Joined> {
    if (id === '') throw new KafkaError(ErrorCode.INVALID_GROUP_ID, 'A group has a name');
    if (request.sessionTimeoutMs < SESSION_TIMEOUT_MS.min || request.sessionTimeoutMs > SESSION_TIMEOUT_MS.max) {
      throw new KafkaError(ErrorCode.INVALID_SESSION_TIMEOUT, `A session of ${request.sessionTimeoutMs} ms`);
    }
    const isMember = this.#groups.get(id)?.members.some((member) => member.id === request.memberId) ?? false;
    if (!isMember && !this.#invited.delete(request.memberId)) {
      throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, `${request.memberId} is not a member`);
    }
    const rebalanceTimeoutMs = Math.min(request.rebalanceTimeoutMs, SESSION_TIMEOUT_MS.max);
    return this.#open(id).join({ ...request, rebalanceTimeoutMs }, this.now());
  }

  /** Throws `KafkaError` UNKNOWN_MEMBER_ID, which makes a client join again, when the group has no members. */
  withMembers(id: string): Group {
    const group = this.#groups.get(id);
    if (!group) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, `Group "${id}" has no members`);
    return group;
  }

  /** Throws `KafkaError` unless this member, or nobody's member where there are none, may commit. */
  checkCommit(id: string, memberId: string, generation: number): void {
    if (id === '') throw new KafkaError(ErrorCode.INVALID_GROUP_ID, 'A group has a name');
    const group = this.#groups.get(id);
    if (!group && generation >= 0)
      throw new KafkaError(ErrorCode.ILLEGAL_GENERATION, `Group "${id}" has no generation`);
    (group ?? new Group()).checkCommit(memberId, generation, this.now());
  }

  /** Throws `KafkaError`. */
  delete(id: string): void {
    if (!this.exists(id)) throw new KafkaError(ErrorCode.GROUP_ID_NOT_FOUND, `There is no group "${id}"`);
    if (this.#groups.get(id)?.members.length) {
      throw new KafkaError(ErrorCode.NON_EMPTY_GROUP, `Group "${id}" has members`);
    }
    this.#groups.delete(id);
    this.offsets.deleteGroup(id);
  }

  tick(): void {
    const now = this.now();
    for (const group of this.#groups.values()) group.tick(now);
  }

  close(): void {
    for (const group of this.#groups.values()) group.close();
    this.#groups.clear();
  }

  #open(id: string): Group {
    const known = this.#groups.get(id);
    if (known) return known;
    if (this.#groups.size >= MAX_GROUPS) {
      const empty = [...this.#groups.keys()].find((each) => this.#groups.get(each)?.state === 'Empty');
      if (empty !== undefined) this.#groups.delete(empty);
    }
    if (this.#groups.size >= MAX_GROUPS) {
      throw new KafkaError(ErrorCode.POLICY_VIOLATION, `dev-kafka coordinates at most ${MAX_GROUPS} groups`);
    }
    const group = new Group();
    this.#groups.set(id, group);
    return group;
  }
}
