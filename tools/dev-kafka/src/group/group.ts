import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import { type Joined, type JoinRequest, Member } from './member.js';
import { commonProtocol, sameProtocols } from './protocols.js';

/** The names that DescribeGroups uses. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** A new group waits this long for more members before its first generation; Kafka waits 3 s. */
const FIRST_REBALANCE_DELAY_MS = 100;
const MAX_MEMBERS = 200;

/**
 * One consumer group: who is a member, and the rebalances between generations. The members assign the partitions among
 * themselves, the group only brings them together. It has no clock: each call says what time it is, and `tick` must be
 * called now and then.
 */
export class Group {
  #state: GroupState = 'Empty';
  #generation = 0;
  #protocol = '';
  #protocolType = '';
  #leaderId = '';
  /** When the rebalance goes on without those that are missing. */
  #rebalanceUntil = 0;
  #isFirst = false;
  readonly #members = new Map<string, Member>();

  get state(): GroupState {
    return this.#state;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Resolves when the next generation begins. Rejects with `KafkaError`. */
  async join(request: JoinRequest, now: number): Promise<Joined> {
    const known = this.#members.get(request.memberId);
    this.#checkJoin(request, known);
    const repeated = known !== undefined && sameProtocols(known.request.protocols, request.protocols);
    if (repeated && this.#keepsGeneration(known)) {
      known.heardOf(now);
      return this.#joined(known);
    }
    const member = known ?? new Member(request);
    member.refuse(new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, 'It has joined again')); // on another connection
    member.request = request;
    member.joining = Promise.withResolvers<Joined>();
    member.heardOf(now);
    this.#members.set(member.id, member);
    this.#protocolType = request.protocolType;
    const { promise } = member.joining;
    if (this.#state !== 'PreparingRebalance') this.#prepareRebalance(now);
    this.#completeIfAllJoined(now);
    return promise;
  }

  /** Resolves with this member's assignment when the leader has sent it. Rejects with `KafkaError`. */
  async sync(
    memberId: string,
    generation: number,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
    now: number,
  ): Promise<Buffer> {
    const member = this.#current(memberId, generation);
    member.heardOf(now);
    if (this.#state === 'PreparingRebalance') throw rebalancing();
    if (this.#state === 'Stable') return member.assignment;
    member.syncing?.reject(rebalancing());
    member.syncing = Promise.withResolvers<Buffer>();
    const { promise } = member.syncing;
    if (memberId === this.#leaderId) this.#assign(assignments, now);
    return promise;
  }

  /** Throws `KafkaError`: REBALANCE_IN_PROGRESS tells the member to join again. */
  heartbeat(memberId: string, generation: number, now: number): void {
    this.#current(memberId, generation).heardOf(now);
    if (this.#state === 'PreparingRebalance') throw rebalancing();
  }

  /** Throws `KafkaError` unless this member may commit now; anybody may while there are no members. */
  checkCommit(memberId: string, generation: number, now: number): void {
    if (generation < 0 && memberId === '' && this.#members.size === 0) return;
    this.#current(memberId, generation).heardOf(now);
  }

  leave(memberId: string, now: number): void {
    const member = this.#members.get(memberId);
    if (!member) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, `${memberId} is not a member`);
    this.#remove(member, now);
  }

  /** Removes silent members, and ends the wait of a rebalance. */
  tick(now: number): void {
    for (const member of this.members) if (member.isExpired(now)) this.#remove(member, now);
    if (this.#state === 'PreparingRebalance' && this.#rebalanceUntil <= now) this.#beginGeneration(now);
  }

  /** Whoever waits is told that the coordinator goes away. */
  close(): void {
    for (const member of this.members) member.refuse(new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, 'The broker stops'));
    this.#members.clear();
  }

  #checkJoin(request: JoinRequest, known: Member | undefined): void {
    if (!known && this.#members.size >= MAX_MEMBERS) {
      throw new KafkaError(ErrorCode.GROUP_MAX_SIZE_REACHED, `A group has at most ${MAX_MEMBERS} members`);
    }
    const others = this.members.filter((member) => member !== known).map((member) => member.request);
    const agrees =
      commonProtocol(request.protocols, others) !== undefined &&
      others.every(({ protocolType }) => protocolType === request.protocolType);
    if (!agrees) {
      throw new KafkaError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, 'No way of assigning is known to all members');
    }
  }

  #keepsGeneration(member: Member): boolean {
    return this.#state === 'CompletingRebalance' || (this.#state === 'Stable' && member.id !== this.#leaderId);
  }

  #current(memberId: string, generation: number): Member {
    const member = this.#members.get(memberId);
    if (!member) throw new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, `${memberId} is not a member`);
    if (generation !== this.#generation) {
      throw new KafkaError(ErrorCode.ILLEGAL_GENERATION, `The generation is ${this.#generation}, not ${generation}`);
    }
    return member;
  }

  #prepareRebalance(now: number): void {
    for (const member of this.members) {
      member.syncing?.reject(rebalancing());
      member.syncing = undefined;
    }
    this.#isFirst = this.#state === 'Empty';
    this.#state = 'PreparingRebalance';
    const patience = Math.max(...this.members.map(({ request }) => request.rebalanceTimeoutMs));
    this.#rebalanceUntil = now + (this.#isFirst ? FIRST_REBALANCE_DELAY_MS : patience);
  }

  #completeIfAllJoined(now: number): void {
    if (this.#isFirst && this.#rebalanceUntil > now) return;
    if (this.members.every(({ joining }) => joining)) this.#beginGeneration(now);
  }

  #beginGeneration(now: number): void {
    for (const member of this.members) if (!member.joining) this.#members.delete(member.id);
    this.#generation++;
    const [first] = this.members;
    if (!first) {
      this.#state = 'Empty';
      return;
    }
    if (!this.#members.has(this.#leaderId)) this.#leaderId = first.id;
    const requests = this.members.map(({ request }) => request);
    this.#protocol = commonProtocol(first.request.protocols, requests) ?? '';
    this.#state = 'CompletingRebalance';
    for (const member of this.members) {
      member.assignment = Buffer.alloc(0);
      member.heardOf(now);
      member.joining?.resolve(this.#joined(member));
      member.joining = undefined;
    }
  }

  #joined(member: Member): Joined {
    return {
      generation: this.#generation,
      protocol: this.#protocol,
      leaderId: this.#leaderId,
      memberId: member.id,
      members:
        member.id === this.#leaderId
          ? this.members.map((each) => ({ memberId: each.id, metadata: each.metadata(this.#protocol) }))
          : [],
    };
  }

  #assign(assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[], now: number): void {
    for (const { memberId, assignment } of assignments) {
      const member = this.#members.get(memberId);
      if (member) member.assignment = Buffer.from(assignment);
    }
    this.#state = 'Stable';
    for (const member of this.members) {
      if (!member.syncing) continue;
      member.heardOf(now);
      member.syncing.resolve(member.assignment);
      member.syncing = undefined;
    }
  }

  #remove(member: Member, now: number): void {
    this.#members.delete(member.id);
    member.refuse(new KafkaError(ErrorCode.UNKNOWN_MEMBER_ID, `${member.id} was removed`));
    if (this.#members.size === 0) {
      this.#state = 'Empty';
      this.#generation++;
    } else if (this.#state === 'PreparingRebalance') {
      this.#completeIfAllJoined(now);
    } else {
      this.#prepareRebalance(now);
    }
  }
}

const rebalancing = (): KafkaError => new KafkaError(ErrorCode.REBALANCE_IN_PROGRESS, 'The group rebalances');
