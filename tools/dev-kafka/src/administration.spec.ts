import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { ConfigResourceTypes } from 'kafkajs';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

let kafka: TemporaryKafka;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  await kafka.start();
});
afterEach(() => kafka.stop());

describe('an administrator', () => {
  it('creates, enlarges, describes and deletes topics', async () => {
    const admin = await kafka.admin();
    const topics = [{ topic: 'three' }, { topic: 'five', numPartitions: 5 }];
    expect(await admin.createTopics({ topics, waitForLeaders: true })).toBe(true);
    expect(await admin.createTopics({ topics })).toBe(false); // they are there
    await admin.createPartitions({ topicPartitions: [{ topic: 'five', count: 8 }] });
    const { topics: described } = await admin.fetchTopicMetadata({ topics: ['three', 'five'] });
    const counts = described.map(({ name, partitions }) => `${name}: ${partitions.length}`);
    expect(counts.sort()).toEqual(['five: 8', 'three: 3']);
    await admin.deleteTopics({ topics: ['three'] });
    expect(await admin.listTopics()).toEqual(['five']);
    const { brokers, controller } = await admin.describeCluster();
    expect([brokers.length, controller]).toEqual([1, 1]);
  });

  it.each([
    ['an impossible name', { topic: 'no/slashes' }, 'INVALID_TOPIC_EXCEPTION'],
    ['no partitions', { topic: 'none', numPartitions: 0 }, 'INVALID_PARTITIONS'],
    ['too many partitions', { topic: 'many', numPartitions: 100_000 }, 'POLICY_VIOLATION'],
  ])('cannot create a topic with %s', async (_what, topic, type) => {
    const admin = await kafka.admin();
    await expect(admin.createTopics({ topics: [topic] })).rejects.toMatchObject({ errors: [{ type }] });
    expect(await admin.listTopics()).toEqual([]);
  });

  it('reads the settings of a topic', async () => {
    const admin = await kafka.admin();
    await admin.createTopics({ topics: [{ topic: 'set' }] });
    const resource = { type: ConfigResourceTypes.TOPIC, name: 'set', configNames: ['max.message.bytes'] };
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
    expect(resources[0]?.configEntries).toMatchObject([{ configName: 'max.message.bytes', configValue: '1048588' }]);
  });

  it('finds offsets by time and deletes records', async () => {
    const admin = await kafka.admin();
    await admin.createTopics({ topics: [{ topic: 'timed', numPartitions: 1 }] });
    const producer = await kafka.producer();
    const messages = [1_000, 2_000, 3_000].map((time) => ({ value: 'v', timestamp: `${time}` }));
    await producer.send({ topic: 'timed', messages });
    expect(await admin.fetchTopicOffsetsByTimestamp('timed', 1_500)).toEqual([{ partition: 0, offset: '1' }]);
    expect(await admin.fetchTopicOffsetsByTimestamp('timed', 9_000)).toEqual([{ partition: 0, offset: '3' }]);
    await admin.deleteTopicRecords({ topic: 'timed', partitions: [{ partition: 0, offset: '2' }] });
    expect(await admin.fetchTopicOffsets('timed')).toMatchObject([{ low: '2', high: '3' }]);
  });

  it('sees the offsets of a group, which go with their topic', async () => {
    const admin = await kafka.admin();
    await admin.createTopics({ topics: [{ topic: 'read', numPartitions: 1 }] });
    await (await kafka.producer()).send({ topic: 'read', messages: [{ value: 'a' }, { value: 'b' }] });
    const reader = await kafka.member('readers', 'read');
    const values: string[] = [];
    await reader.run({ eachMessage: ({ message }) => Promise.resolve(void values.push(`${message.value}`)) });
    await eventually(() => expect(values).toEqual(['a', 'b']));
    await reader.disconnect(); // commits
    const offsets = async () =>
      (await admin.fetchOffsets({ groupId: 'readers', topics: ['read'] }))[0]?.partitions.map(({ offset }) => offset);
    expect(await offsets()).toEqual(['2']);
    await admin.deleteTopics({ topics: ['read'] });
    await admin.createTopics({ topics: [{ topic: 'read', numPartitions: 1 }] });
    expect(await offsets()).toEqual(['-1']);
  });
});
