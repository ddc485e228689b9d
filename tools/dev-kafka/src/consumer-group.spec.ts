import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { type Consumer } from 'kafkajs';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

const TOPIC = 'work';
const PARTITIONS = [0, 1, 2, 3];

let kafka: TemporaryKafka;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  await kafka.start();
  const admin = await kafka.admin();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS.length }] });
});
afterEach(() => kafka.stop());

/** A running member, the partitions it has at the moment and the values it saw. */
async function worker(): Promise<{ consumer: Consumer; partitions: number[]; values: string[] }> {
  const consumer = await kafka.member('workers', TOPIC);
  const state = { consumer, partitions: [] as number[], values: [] as string[] };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    state.partitions = payload.memberAssignment[TOPIC] ?? [];
  });
  await consumer.run({
    eachMessage: ({ message }) => {
      state.values.push(`${message.value}`);
      return Promise.resolve();
    },
  });
  return state;
}

const shared = (...workers: { partitions: number[] }[]) => workers.flatMap(({ partitions }) => partitions).sort();

describe('two consumers in a group', () => {
  it('share the partitions, and the one that stays takes over those of the one that leaves', async () => {
    const producer = await kafka.producer();
    const first = await worker();
    await eventually(() => expect(first.partitions).toEqual(PARTITIONS));
    const second = await worker();
    await eventually(() => {
      expect(shared(first, second)).toEqual(PARTITIONS);
      expect([first.partitions.length, second.partitions.length]).toEqual([2, 2]);
    });
    const messages = PARTITIONS.map((partition) => ({ partition, value: `to ${partition}` }));
    await producer.send({ topic: TOPIC, messages });
    await eventually(() => expect([...first.values, ...second.values].sort()).toEqual(messages.map((m) => m.value)));
    expect(first.values).toHaveLength(2);

    await first.consumer.disconnect();
    await eventually(() => expect(second.partitions).toEqual(PARTITIONS));
    await producer.send({ topic: TOPIC, messages: PARTITIONS.map((partition) => ({ partition, value: 'late' })) });
    await eventually(() => expect(second.values.filter((value) => value === 'late')).toHaveLength(4));
    expect(new Set(second.values).size).toBe(3); // nothing that the other one had committed came again
  });

  it('are described, and the group can be deleted when they have left', async () => {
    const admin = await kafka.admin();
    const producer = await kafka.producer();
    await producer.send({ topic: TOPIC, messages: [{ value: 'v' }] });
    const members = [await worker(), await worker()];
    await eventually(async () => {
      const { groups } = await admin.describeGroups(['workers']);
      expect(groups).toMatchObject([{ groupId: 'workers', state: 'Stable', protocolType: 'consumer' }]);
      expect(groups[0]?.members).toHaveLength(2);
    });
    expect(await admin.listGroups()).toEqual({ groups: [{ groupId: 'workers', protocolType: 'consumer' }] });
    await eventually(() => expect(members.flatMap(({ values }) => values)).toContain('v'));
    await expect(admin.deleteGroups(['workers'])).rejects.toThrow();
    for (const { consumer } of members) await consumer.disconnect();
    expect(await admin.describeGroups(['workers'])).toMatchObject({ groups: [{ state: 'Empty', members: [] }] });
    await admin.deleteGroups(['workers']);
    expect(await admin.listGroups()).toEqual({ groups: [] });
  });

  it('leave a group that is known also when they have committed nothing', async () => {
    const member = await worker();
    const { consumer } = member;
    const commit = (metadata: string) =>
      consumer.commitOffsets([{ topic: TOPIC, partition: 0, offset: '1', metadata }]);
    await eventually(() => expect(member.partitions).toEqual(PARTITIONS));
    await expect(commit('x'.repeat(4097))).rejects.toMatchObject({ cause: { type: 'OFFSET_METADATA_TOO_LARGE' } });
    await consumer.disconnect();
    const admin = await kafka.admin();
    const empty = { state: 'Empty', protocolType: 'consumer', protocol: '', members: [] };
    expect(await admin.describeGroups(['workers'])).toMatchObject({ groups: [empty] });
    expect(await admin.listGroups()).toMatchObject({ groups: [{ groupId: 'workers' }] });
    await admin.deleteGroups(['workers']);
    expect(await admin.listGroups()).toEqual({ groups: [] });
  });
});
