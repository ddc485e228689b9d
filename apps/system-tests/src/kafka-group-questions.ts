import { eventually } from '@trellis/testing';
import { type Admin, AssignerProtocol, type Consumer, type PartitionAssigner } from 'kafkajs';
import { type AskedKafka, outcome, type Question } from './asked-kafka.js';
import { type Claim, commit, heartbeat } from './kafka-wire.js';

/** Without what differs from member to member: ids and addresses. */
async function described(admin: Admin, groupId: string): Promise<unknown> {
  return outcome(async () => {
    const { groups } = await admin.describeGroups([groupId]);
    return groups.map(({ state, protocol, protocolType, members }) => ({
      ...{ state, protocol, protocolType },
      members: members.map(({ memberId, clientId, clientHost, memberAssignment, memberMetadata }) => ({
        ...{ clientId, memberId: memberId.startsWith(`${clientId}-`), clientHost: clientHost.startsWith('/') },
        assignment: AssignerProtocol.MemberAssignment.decode(memberAssignment),
        topics: AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics,
      })),
    }));
  });
}

/** Resolves when it has joined, with its partitions; rejects when it crashes instead. */
async function run(consumer: Consumer, topic: string, config = {}): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment[topic] ?? []));
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: () => Promise.resolve(), ...config });
  return promise;
}

async function member(kafka: AskedKafka, groupId: string, topic: string, config = {}): Promise<Consumer> {
  const consumer = await kafka.consumer(groupId, config);
  await run(consumer, topic);
  return consumer;
}

const committed = (admin: Admin, groupId: string, topics?: string[]) =>
  outcome(async () => {
    const offsets = await admin.fetchOffsets({ groupId, ...(topics && { topics }) });
    return offsets.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.toSorted((a, b) => a.partition - b.partition),
    }));
  });

/** Assigns nothing; only its name matters. */
const stranger: PartitionAssigner = () => ({
  name: 'Stranger',
  version: 1,
  assign: () => Promise.resolve([]),
  protocol: ({ topics }) => ({
    name: 'Stranger',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
});

export const groupQuestions: Readonly<Record<string, Question>> = {
  'a group lives': async (kafka) => {
    const topic = await kafka.topic('work', 4);
    const groupId = kafka.name('workers');
    const admin = await kafka.admin();
    const before = await described(admin, groupId);
    const consumer = await member(kafka, groupId, topic);
    const alone = await described(admin, groupId);
    const second = await kafka.consumer(groupId);
    const secondPartitions = await run(second, topic);
    const two = await eventually(async () => {
      const { groups } = await admin.describeGroups([groupId]);
      if (groups[0]?.state !== 'Stable' || groups[0].members.length !== 2) throw new Error('not two yet');
      return groups[0].members.map(({ memberAssignment }) => {
        const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment;
        return Object.values(assignment ?? {}).map((numbers) => numbers.length);
      });
    });
    const busy = await outcome(() => admin.deleteGroups([groupId]));
    const reset = await outcome(() => admin.resetOffsets({ groupId, topic, earliest: true }));
    await Promise.all([consumer, second].map((each) => each.disconnect()));
    const left = await described(admin, groupId);
    return { before, alone, two, second: secondPartitions.length, busy, reset, left };
  },
  'groups are listed and deleted': async (kafka) => {
    const topic = await kafka.topic('read');
    await kafka.send(topic, [{ value: 'a' }]);
    const groupId = kafka.name('readers');
    await kafka.read(topic, 1, { group: groupId });
    const admin = await kafka.admin();
    const own = async () => (await admin.listGroups()).groups.filter((group) => group.groupId === groupId);
    const listed = await own();
    const left = await described(admin, groupId);
    const remove = () => outcome(() => admin.deleteGroups([groupId]));
    const deleted = [
      await remove(),
      await own(),
      await described(admin, groupId),
      await committed(admin, groupId, [topic]),
    ];
    return { listed, left, deleted, again: await remove() };
  },
  'a group goes on where it was': async (kafka) => {
    const topic = await kafka.topic('steps');
    const groupId = kafka.name('walkers');
    const admin = await kafka.admin();
    await kafka.send(topic, [{ value: 'a' }, { value: 'b' }]);
    const first = await kafka.read(topic, 2, { group: groupId });
    await kafka.send(topic, [{ value: 'c' }]);
    return { first, at: await committed(admin, groupId), second: await kafka.read(topic, 1, { group: groupId }) };
  },
  'offsets of a group nobody knows': async (kafka) => {
    const topic = await kafka.topic('read', 2);
    const admin = await kafka.admin();
    const groupId = kafka.name('nobody');
    return {
      all: await committed(admin, groupId),
      topic: await committed(admin, groupId, [topic]),
      unknownTopic: await committed(admin, groupId, [kafka.name('none')]),
      described: await described(admin, groupId),
      deleted: await outcome(() => admin.deleteGroups([groupId])),
    };
  },
  'offsets are set, reset and resolved by an administrator': async (kafka) => {
    const topic = await kafka.topic('set', 2);
    await kafka.send(topic, [{ value: 'a' }, { value: 'b' }]);
    const admin = await kafka.admin();
    const groupId = kafka.name('set-back');
    const set = (offset: string, more = {}) =>
      outcome(() => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset, ...more }] }));
    const at = () => committed(admin, groupId, [topic]);
    return {
      set: [await set('1'), await at()],
      beyond: [await set('77'), await at()],
      negative: [await set('-5'), await at()],
      latest: [await outcome(() => admin.resetOffsets({ groupId, topic, earliest: false })), await at()],
      resolved: await outcome(() => admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true })),
      left: await described(admin, groupId),
    };
  },
  'what a member commits': async (kafka) => {
    const topic = await kafka.topic('committed');
    const groupId = kafka.name('committers');
    const consumer = await member(kafka, groupId, topic);
    const admin = await kafka.admin();
    const commit = (offset: string, metadata: string | null, name = topic, partition = 0) =>
      outcome(() => consumer.commitOffsets([{ topic: name, partition, offset, metadata }]));
    const at = () => committed(admin, groupId, [topic]);
    return {
      noted: [await commit('4', 'a note'), await at()],
      none: [await commit('5', null), await at()],
      back: [await commit('2', ''), await at()],
      longest: await commit('1', 'x'.repeat(4096)),
      longer: await commit('3', 'x'.repeat(4097)),
      unknownTopic: await commit('1', null, kafka.name('none')),
      unknownPartition: await commit('1', null, topic, 7),
      negative: await commit('-7', null),
      last: await at(),
    };
  },
  'heartbeats and commits of one who is no member': async (kafka) => {
    const topic = await kafka.topic('stale');
    const groupId = kafka.name('replaced');
    const consumer = await kafka.consumer(groupId);
    const { promise: joined, resolve } = Promise.withResolvers<{ memberId: string }>();
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload));
    await run(consumer, topic);
    const { memberId } = await joined;
    const claims = (known: string): Claim[] => [
      { group: groupId, generation: known === memberId ? 9 : 1, member: known },
      { group: groupId, generation: -1, member: '' },
      { group: kafka.name('other'), generation: 1, member: known },
    ];
    const answers: unknown[] = [];
    for (const claim of [...claims(memberId), ...claims('nobody')]) {
      answers.push([await heartbeat(kafka.address, claim), await commit(kafka.address, claim, topic)]);
    }
    await consumer.disconnect();
    const none = { group: groupId, generation: -1, member: '' };
    return { answers, afterwards: await commit(kafka.address, none, topic) };
  },
  'sessions that are too short or too long': async (kafka) => {
    const topic = await kafka.topic('session');
    const join = async (sessionTimeout: number) => {
      const consumer = await kafka.consumer(kafka.name(`s${sessionTimeout}`), {
        sessionTimeout,
        heartbeatInterval: 100,
      });
      const joined = await outcome(() => run(consumer, topic));
      await consumer.disconnect();
      return joined;
    };
    return { short: await join(1000), long: await join(31 * 60_000) };
  },
  'a member with another way of assigning': async (kafka) => {
    const topic = await kafka.topic('split');
    const groupId = kafka.name('split');
    await member(kafka, groupId, topic);
    return outcome(() => member(kafka, groupId, topic, { partitionAssigners: [stranger] }));
  },
  'a topic goes, and its offsets with it': async (kafka) => {
    const [kept, gone] = [await kafka.topic('kept'), await kafka.topic('gone')];
    const admin = await kafka.admin();
    const groupId = kafka.name('readers');
    for (const topic of [kept, gone]) {
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '0' }] });
    }
    await admin.deleteTopics({ topics: [gone] });
    const without = { topic: gone, partitions: [{ partition: 0, offset: '-1', metadata: '' }] };
    return eventually(async () => {
      const all = await admin.fetchOffsets({ groupId });
      if (all.some(({ topic }) => topic === gone)) throw new Error(`still ${JSON.stringify(without)}`);
      return all;
    }, 5000).catch((error: Error) => error.message);
  },
  'a group that has committed nothing': async (kafka) => {
    const topic = await kafka.topic('idle');
    const groupId = kafka.name('idlers');
    const consumer = await member(kafka, groupId, topic);
    await consumer.disconnect();
    const admin = await kafka.admin();
    const first = await described(admin, groupId);
    return { first, at: await committed(admin, groupId), deleted: await outcome(() => admin.deleteGroups([groupId])) };
  },
};
