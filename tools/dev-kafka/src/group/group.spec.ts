import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@trellis/testing';
import { ErrorCode, errorCodeOf, KafkaError } from '../wire/kafka-error.js';
import { Group } from './group.js';
import type { JoinRequest } from './member.js';

let clock: ManualClock;
let group: Group;

const request = (memberId: string, changes: Partial<JoinRequest> = {}): JoinRequest => ({
  memberId,
  clientId: 'client',
  clientHost: '/127.0.0.1',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  protocolType: 'consumer',
  protocols: [{ name: 'RoundRobin', metadata: Buffer.from(memberId) }],
  ...changes,
});

const join = (memberId: string, changes?: Partial<JoinRequest>) => group.join(request(memberId, changes), clock.now());

/** The code that a promise is refused with. */
const refusal = (promise: Promise<unknown>): Promise<ErrorCode | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof KafkaError ? error.code : Promise.reject(error)),
  );

/** Moves on by the time that a first rebalance waits for more members. */
function settle(): void {
  clock.advance(100);
  group.tick(clock.now());
}

/** A group with these members, in its first generation. The first one leads. */
async function stable(...ids: string[]): Promise<void> {
  const joins = ids.map((id) => join(id));
  settle();
  const [first] = await Promise.all(joins);
  const assignments = ids.map((memberId) => ({ memberId, assignment: Buffer.from(`for ${memberId}`) }));
  const generation = first?.generation ?? -1;
  await Promise.all(
    ids.toReversed().map((id) => group.sync(id, generation, id === ids[0] ? assignments : [], clock.now())),
  );
}

beforeEach(() => {
  clock = new ManualClock();
  group = new Group();
});

describe('a group', () => {
  it('waits a moment for more members, then tells the leader alone who they are', async () => {
    const joins = [join('a'), join('b')];
    expect(group.state).toBe('PreparingRebalance');
    settle();
    const [a, b] = await Promise.all(joins);
    expect(a?.members.map(({ memberId }) => memberId)).toEqual(['a', 'b']);
    expect(b).toEqual({ generation: 1, protocol: 'RoundRobin', leaderId: 'a', memberId: 'b', members: [] });
  });

  it('gives each member what the leader assigned, whoever asks first', async () => {
    const joins = [join('a'), join('b')];
    settle();
    await Promise.all(joins);
    const b = group.sync('b', 1, [], clock.now());
    const a = group.sync('a', 1, [{ memberId: 'b', assignment: Buffer.from('all') }], clock.now());
    expect([(await a).toString(), (await b).toString(), group.state]).toEqual(['', 'all', 'Stable']);
    expect((await group.sync('b', 1, [], clock.now())).toString()).toBe('all'); // asked again
  });

  it('takes a new member in as soon as the others have joined again', async () => {
    await stable('a', 'b');
    const c = join('c');
    expect(errorCodeOf(() => group.heartbeat('a', 1, clock.now()))).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    const others = [join('a'), join('b')];
    expect(await Promise.all([c, ...others])).toMatchObject([{ generation: 2 }, { generation: 2 }, { generation: 2 }]);
  });

  it('goes on without a member that does not join again in time', async () => {
    await stable('a', 'b');
    const patient = { sessionTimeoutMs: 120_000, rebalanceTimeoutMs: 60_000 };
    const c = join('c', patient);
    const a = join('a');
    for (let second = 0; second < 60; second += 5) {
      clock.advance(5_000);
      group.tick(clock.now());
      if (group.state === 'PreparingRebalance') {
        expect(errorCodeOf(() => group.heartbeat('b', 1, clock.now()))).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
      }
    }
    expect((await Promise.all([a, c])).map(({ generation }) => generation)).toEqual([2, 2]);
    expect(errorCodeOf(() => group.heartbeat('b', 1, clock.now()))).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('rebalances when a member falls silent, and not while it beats', async () => {
    await stable('a', 'b');
    for (let beat = 0; beat < 3; beat++) {
      clock.advance(9_000);
      group.heartbeat('a', 1, clock.now());
      if (beat < 2) group.heartbeat('b', 1, clock.now());
      group.tick(clock.now());
      expect(group.state).toBe('Stable');
    }
    clock.advance(1_000);
    group.tick(clock.now());
    expect([group.state, group.members.length]).toEqual(['PreparingRebalance', 1]);
    expect(await join('a')).toMatchObject({ generation: 2, leaderId: 'a' });
  });

  it('chooses a new leader when the leader leaves', async () => {
    await stable('a', 'b');
    group.leave('a', clock.now());
    expect(await join('b')).toMatchObject({ generation: 2, leaderId: 'b' });
    group.leave('b', clock.now());
    expect(group.state).toBe('Empty');
  });

  it('ends the wait of followers when the leader never assigns', async () => {
    const joins = [join('a'), join('b')];
    settle();
    await Promise.all(joins);
    const b = group.sync('b', 1, [], clock.now());
    clock.advance(10_000);
    group.tick(clock.now());
    expect(await refusal(b)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it('answers a follower that joins again unchanged without a rebalance', async () => {
    await stable('a', 'b');
    expect(await join('b')).toMatchObject({ generation: 1 });
    expect(group.state).toBe('Stable');
  });

  it('refuses a member with no protocol in common, and one of an old generation', async () => {
    await stable('a');
    const stranger = join('x', { protocols: [{ name: 'Sticky', metadata: Buffer.alloc(0) }] });
    expect(await refusal(stranger)).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    expect(errorCodeOf(() => group.heartbeat('a', 7, clock.now()))).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(errorCodeOf(() => group.checkCommit('a', 0, clock.now()))).toBe(ErrorCode.ILLEGAL_GENERATION);
  });

  it('lets somebody outside commit only while it has no members', async () => {
    expect(errorCodeOf(() => group.checkCommit('', -1, clock.now()))).toBe(ErrorCode.NONE);
    await stable('a');
    expect(errorCodeOf(() => group.checkCommit('', -1, clock.now()))).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });
});
