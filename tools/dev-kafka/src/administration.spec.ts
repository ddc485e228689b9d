import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { CompressionTypes, ConfigResourceTypes } from 'kafkajs';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

/** Partitions and the broker that each is to be on. */
const assigned = (...places: readonly [number, number][]) =>
  places.map(([partition, broker]) => ({ partition, replicas: [broker] }));

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
    ['more replicas than brokers', { topic: 'safe', replicationFactor: 3 }, 'INVALID_REPLICATION_FACTOR'],
    [
      'a replica on another broker',
      { topic: 'far', replicaAssignment: assigned([0, 2]) },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      'a partition left out',
      { topic: 'gap', replicaAssignment: assigned([0, 1], [2, 1]) },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      'partitions both assigned and counted',
      { topic: 'twice', numPartitions: 1, replicaAssignment: assigned([0, 1]) },
      'INVALID_REQUEST',
    ],
    ['a setting that nobody knows', { topic: 'odd', configEntries: [{ name: 'x', value: '1' }] }, 'INVALID_CONFIG'],
    [
      'a time that is no number',
      { topic: 'odd', configEntries: [{ name: 'retention.ms', value: '7 days' }] },
      'INVALID_CONFIG',
    ],
  ])('cannot create a topic with %s', async (_what, topic, type) => {
    const admin = await kafka.admin();
    await expect(admin.createTopics({ topics: [topic] })).rejects.toMatchObject({ errors: [{ type }] });
    expect(await admin.listTopics()).toEqual([]);
  });

  it('creates a topic whose partitions it has placed, with settings that Kafka knows', async () => {
    const admin = await kafka.admin();
    const configEntries = [{ name: 'retention.ms', value: '1000' }];
    const topics = [{ topic: 'placed', replicaAssignment: assigned([1, 1], [0, 1]), configEntries }];
    expect(await admin.createTopics({ topics })).toBe(true);
    expect(await admin.fetchTopicOffsets('placed')).toHaveLength(2);
  });

  it('cannot create two topics whose metrics would have one name', async () => {
    const admin = await kafka.admin();
    await admin.createTopics({ topics: [{ topic: 'a.b_c' }] });
    const twin = admin.createTopics({ topics: [{ topic: 'a_b.c' }] });
    await expect(twin).rejects.toMatchObject({ errors: [{ type: 'INVALID_TOPIC_EXCEPTION' }] });
  });

  it('is told apart which name cannot be, and which topic is not there', async () => {
    const admin = await kafka.admin();
    const asked = (name: string) => [
      admin.fetchTopicMetadata({ topics: [name] }),
      admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name }], includeSynonyms: false }),
    ];
    for (const answer of asked('no/slashes')) {
      await expect(answer).rejects.toMatchObject({ type: 'INVALID_TOPIC_EXCEPTION' });
    }
    for (const answer of asked('none')) {
      await expect(answer).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    }
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
    await admin.createTopics({ topics: ['timed', 'packed'].map((topic) => ({ topic, numPartitions: 1 })) });
    const producer = await kafka.producer();
    const messages = [1_000, 2_000, 3_000].map((time) => ({ value: 'v', timestamp: `${time}` }));
    await producer.send({ topic: 'timed', messages });
    expect(await admin.fetchTopicOffsetsByTimestamp('timed', 1_500)).toEqual([{ partition: 0, offset: '1' }]);
    expect(await admin.fetchTopicOffsetsByTimestamp('timed', 9_000)).toEqual([{ partition: 0, offset: '3' }]);
    await producer.send({ topic: 'packed', compression: CompressionTypes.GZIP, messages });
    expect(await admin.fetchTopicOffsetsByTimestamp('packed', 1_500)).toEqual([{ partition: 0, offset: '1' }]);
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
