import { eventually } from '@trellis/testing';
import { type Admin, ConfigResourceTypes, type ITopicConfig } from 'kafkajs';
import { type AskedKafka, outcome, type Question } from './asked-kafka.js';
import { apiVersions, ask } from './kafka-wire.js';

const FAR_TOO_MANY = 100_000;
const NO_SUCH_BROKER = 99;

async function create(kafka: AskedKafka, topic: Omit<ITopicConfig, 'topic'> & { topic?: string }): Promise<unknown> {
  const admin = await kafka.admin();
  return outcome(() => admin.createTopics({ topics: [{ topic: kafka.name('made'), ...topic }] }));
}

/** Without the ids of brokers: how many there are, and whether the leader is one of them. */
async function partitions(admin: Admin, topic: string): Promise<object> {
  const { brokers } = await admin.describeCluster();
  return outcome(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.map(({ partitions: all }) =>
      all
        .toSorted((a, b) => a.partitionId - b.partitionId)
        .map(({ partitionErrorCode, partitionId, leader, replicas, isr, offlineReplicas }) => ({
          ...{ partitionErrorCode, partitionId, led: brokers.some(({ nodeId }) => nodeId === leader) },
          ...{ replicas: replicas.length, isr: isr.length, offline: offlineReplicas?.length },
        })),
    );
  });
}

async function configs(admin: Admin, name: string, configNames?: string[], type = ConfigResourceTypes.TOPIC) {
  const resource = { type, name, ...(configNames && { configNames }) };
  return outcome(async () => {
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
    const byName = (entries: { configName: string }[]) =>
      Object.fromEntries(entries.map(({ configName, ...entry }) => [configName, entry]));
    return resources.map(({ errorCode, configEntries }) => ({ errorCode, entries: byName(configEntries) }));
  });
}

const alter = (admin: Admin, name: string, value: string) =>
  outcome(async () => {
    const resource = { type: ConfigResourceTypes.TOPIC, name, configEntries: [{ name: 'retention.ms', value }] };
    await admin.alterConfigs({ validateOnly: false, resources: [resource] });
  });

/** The answer when it is as it should be, which a broker may need a moment for; or else the last one. */
async function once(ask: () => Promise<object>, right: (answer: object) => boolean): Promise<object> {
  let answer = {};
  const asking = async (): Promise<void> => {
    answer = await ask();
    if (!right(answer)) throw new Error('not yet');
  };
  await eventually(asking, 10_000).catch(() => undefined);
  return answer;
}

const isAnswered = (answer: object): boolean => 'answer' in answer;

const SETTING = ['max.message.bytes', 'cleanup.policy', 'retention.ms', 'no.such.setting'];

export const topicQuestions: Readonly<Record<string, Question>> = {
  'a cluster': async (kafka) => {
    const { brokers, controller, clusterId } = await (await kafka.admin()).describeCluster();
    const controlled = brokers.some(({ nodeId }) => nodeId === controller);
    return { brokers: brokers.length, controlled, clusterId: typeof clusterId };
  },
  'a topic is made, described and made again': async (kafka) => {
    const admin = await kafka.admin();
    const made = await create(kafka, { numPartitions: 6 });
    const described = await partitions(admin, kafka.name('made'));
    return { made, described, again: await create(kafka, { numPartitions: 6 }) };
  },
  'the number of partitions that nobody said': async (kafka) => {
    await create(kafka, {});
    return (await (await kafka.admin()).fetchTopicOffsets(kafka.name('made'))).length;
  },
  'names of topics': async (kafka) => {
    const names = ['', '.', '..', 'no/slash', 'no space', 'ünï', 'x'.repeat(250)];
    const answers: Record<string, unknown> = {};
    for (const name of names) {
      answers[name] = [await create(kafka, { topic: name }), await partitions(await kafka.admin(), name)];
    }
    answers['longest'] = await create(kafka, { topic: kafka.name('x').padEnd(249, 'x') });
    return answers;
  },
  'a name that differs from another by "." for "_"': async (kafka) => [
    await create(kafka, { topic: kafka.name('a.b_c') }),
    await create(kafka, { topic: kafka.name('a_b.c') }),
    await create(kafka, { topic: kafka.name('a.b_d') }),
  ],
  'numbers of partitions': async (kafka) => {
    const answers: Record<number, unknown> = {};
    for (const numPartitions of [0, -2, FAR_TOO_MANY]) answers[numPartitions] = await create(kafka, { numPartitions });
    return answers;
  },
  'replication factors': async (kafka) => {
    const answers: Record<number, unknown> = {};
    for (const replicationFactor of [0, -2, NO_SUCH_BROKER]) {
      answers[replicationFactor] = await create(kafka, { replicationFactor });
    }
    answers[1] = await create(kafka, { replicationFactor: 1 });
    return answers;
  },
  'an assignment of replicas': async (kafka) => {
    const { brokers } = await (await kafka.admin()).describeCluster();
    const replicas = [brokers[0]?.nodeId ?? 0];
    const assigned = (...parts: [number, number[]][]) =>
      parts.map(([partition, nodes]) => ({ partition, replicas: nodes }));
    const of = (replicaAssignment: ReturnType<typeof assigned>, more = {}) =>
      create(kafka, { replicaAssignment, ...more });
    return {
      unknown: await of(assigned([0, [NO_SUCH_BROKER]])),
      twice: await of(assigned([0, [...replicas, ...replicas]])),
      gap: await of(assigned([0, replicas], [2, replicas])),
      counted: await of(assigned([0, replicas]), { numPartitions: 1 }),
      good: await of(assigned([0, replicas], [1, replicas])),
      described: await partitions(await kafka.admin(), kafka.name('made')),
    };
  },
  'a topic that is only checked': async (kafka) => {
    const admin = await kafka.admin();
    const topics = [{ topic: kafka.name('checked') }];
    const checked = await outcome(() => admin.createTopics({ validateOnly: true, waitForLeaders: false, topics }));
    return { checked, described: await partitions(admin, kafka.name('checked')) };
  },
  'settings of a new topic': async (kafka) => {
    const setting = (name: string, value: string) =>
      create(kafka, { topic: kafka.name(name), configEntries: [{ name, value }] });
    const admin = await kafka.admin();
    return {
      unknown: await setting('no.such.setting', '1'),
      wrong: await setting('retention.bytes', 'many'),
      good: await setting('retention.ms', '3600000'),
      described: await configs(admin, kafka.name('retention.ms'), ['retention.ms']),
    };
  },
  'settings are described': async (kafka) => {
    const admin = await kafka.admin();
    const topic = await kafka.topic('set');
    const { controller } = await admin.describeCluster();
    return {
      topic: await configs(admin, topic, SETTING),
      unknownTopic: await configs(admin, kafka.name('none'), SETTING),
      badName: await configs(admin, 'no/slash', SETTING),
      broker: await configs(admin, `${controller}`, ['message.max.bytes'], ConfigResourceTypes.BROKER),
    };
  },
  'settings are changed': async (kafka) => {
    const admin = await kafka.admin();
    const topic = await kafka.topic('set');
    return {
      good: await alter(admin, topic, '3600000'),
      after: await configs(admin, topic, ['retention.ms']),
    };
  },
  'more partitions': async (kafka) => {
    const admin = await kafka.admin();
    const topic = await kafka.topic('grown', 2);
    const grow = (count: number, name = topic, more = {}) =>
      outcome(() => admin.createPartitions({ topicPartitions: [{ topic: name, count, ...more }] }));
    return {
      same: await grow(2),
      fewer: await grow(1),
      none: await grow(0),
      more: await grow(4),
      assigned: await grow(5, topic, { assignments: [[NO_SUCH_BROKER]] }),
      unknown: await grow(2, kafka.name('none')),
      described: await once(
        () => partitions(admin, topic),
        (answer) => JSON.stringify(answer).includes('"partitionId":3'),
      ),
    };
  },
  'a topic is deleted, and made again': async (kafka) => {
    const admin = await kafka.admin();
    const topic = await kafka.topic('short-lived');
    await kafka.send(topic, [{ value: 'a' }, { value: 'b' }]);
    const remove = (name: string) => outcome(() => admin.deleteTopics({ topics: [name] }));
    const deleted = await remove(topic);
    const gone = await once(
      () => partitions(admin, topic),
      (answer) => !isAnswered(answer),
    );
    const again = await remove(topic);
    await kafka.topic('short-lived');
    return { deleted, gone, again, unknown: await remove('no/slash'), ends: await admin.fetchTopicOffsets(topic) };
  },
  'topics are listed': async (kafka) => {
    const admin = await kafka.admin();
    await kafka.topic('one');
    await kafka.topic('two');
    await kafka.read(kafka.name('one'), 0); // makes a consumer group, whose offsets are kept somewhere
    const topics = await admin.listTopics();
    const own = topics.filter((topic) => topic.startsWith(kafka.prefix)).sort();
    return { own, internal: topics.filter((topic) => topic.startsWith('__')).sort() };
  },
  'a topic that is not there, on the way': async (kafka) => {
    const messages = [{ value: 'v' }];
    const to = (name: string, allowAutoTopicCreation: boolean) =>
      outcome(async () => {
        const producer = await kafka.producer({ allowAutoTopicCreation });
        return (await producer.send({ topic: name, messages })).map(({ errorCode, baseOffset }) => [
          errorCode,
          baseOffset,
        ]);
      });
    const reads = (name: string, allowAutoTopicCreation: boolean) =>
      outcome(async () => {
        const consumer = await kafka.consumer(`${name}-readers`, { allowAutoTopicCreation });
        await consumer.subscribe({ topics: [name] });
      });
    const admin = await kafka.admin();
    return {
      producerMayNot: await to(kafka.name('none'), false),
      producerMay: await to(kafka.name('sent'), true),
      badName: await to('no/slash', true),
      consumerMayNot: await reads(kafka.name('none'), false),
      consumerMay: await reads(kafka.name('read'), true),
      again: await once(() => reads(kafka.name('read'), true), isAnswered),
      listed: (await admin.listTopics()).filter((topic) => topic.startsWith(kafka.prefix)).sort(),
    };
  },
  'rules of access': async (kafka) => {
    const admin = await kafka.admin();
    const filter = { resourceType: 2, resourcePatternType: 3, operation: 1, permissionType: 1 };
    return outcome(() => admin.describeAcls(filter));
  },
  'a request or a version that nobody knows': async ({ address }) => ({
    version: await apiVersions(address, 99).then(({ error }) => error),
    key: await ask(address, 999, 0),
    metadata: await ask(address, 3, 99),
  }),
};
