import { describe, expect, it } from '@jest/globals';
import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import { CommittedOffsets } from './committed-offsets.js';
import { Groups } from './groups.js';

const MOST = 1000;

const coordinator = () => new Groups(new CommittedOffsets({ append: () => undefined }), () => 0);

/** A group whose only member has left at once. */
async function leftBehind(groups: Groups, id: string): Promise<void> {
  const memberId = groups.invite('spec');
  const protocols = [{ name: 'RoundRobin', metadata: Buffer.alloc(0) }];
  const timeouts = { sessionTimeoutMs: 6000, rebalanceTimeoutMs: 6000 };
  const request = { memberId, clientId: 'spec', clientHost: '/', protocolType: 'consumer', protocols, ...timeouts };
  const joining = groups.join(id, request);
  groups.withMembers(id).leave(memberId, 0);
  await expect(joining).rejects.toMatchObject({ code: ErrorCode.UNKNOWN_MEMBER_ID });
}

describe('a group that its members have left', () => {
  it('is still there, until there are too many', async () => {
    const groups = coordinator();
    for (let index = 0; index < MOST; index++) await leftBehind(groups, `group ${index}`);
    groups.tick();
    expect(groups.ids).toHaveLength(MOST);
    await leftBehind(groups, 'one more');
    expect(groups.ids).toHaveLength(MOST);
    expect([groups.exists('group 0'), groups.exists('one more')]).toEqual([false, true]);
  });
});

describe('a commit to a group that nobody knows', () => {
  it('is for an administrator, not for a member of some generation', () => {
    const groups = coordinator();
    expect(errorCodeOf(() => groups.checkCommit('none', '', -1))).toBe(ErrorCode.NONE);
    expect(errorCodeOf(() => groups.checkCommit('none', 'member', 1))).toBe(ErrorCode.ILLEGAL_GENERATION);
  });
});
