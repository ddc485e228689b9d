import { CompressionTypes, type IHeaders, type KafkaMessage, type Message, type RecordMetadata } from 'kafkajs';
import { outcome, type Question } from './asked-kafka.js';

/** Of a batch with one record, without key, headers and value. */
const MAX_BATCH = 1_048_588;
const HOUR = 3_600_000;

const hex = (value: Buffer | string | undefined) =>
  value === undefined ? 'none' : Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : value;

const headersOf = (headers: IHeaders = {}) =>
  Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(hex) : hex(value)]);

/** With its headers and time, for records whose time the question has said. */
const whole = ({ headers, timestamp }: KafkaMessage) => ({ headers: headersOf(headers), timestamp });

const byPartition = (answers: RecordMetadata[]) => answers.toSorted((a, b) => a.partition - b.partition);

const numbered = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({ key: `key ${index % 7}`, value: `${index}` }));

export const recordQuestions: Readonly<Record<string, Question>> = {
  'records by key over six partitions': async (kafka) => {
    const topic = await kafka.topic('keyed', 6);
    const producer = await kafka.producer();
    const sent = await producer.send({ topic, messages: numbered(50), acks: -1, timeout: 10_000 });
    return { sent: byPartition(sent), read: await kafka.read(topic, 50) };
  },
  acknowledgements: async (kafka) => {
    const topic = await kafka.topic('acks');
    const producer = await kafka.producer();
    const answers: Record<number, unknown> = {};
    for (const acks of [-1, 0, 1, 2]) {
      answers[acks] = await outcome(() => producer.send({ topic, acks, messages: [{ value: `acks ${acks}` }] }));
    }
    return { answers, read: await kafka.read(topic, 3) };
  },
  'keys, values and headers of every shape': async (kafka) => {
    const topic = await kafka.topic('shapes');
    const headers: IHeaders = {
      ...{ text: 'ü', empty: '', bytes: Buffer.from([0, 255]), twice: ['a', Buffer.from([1])] },
      '': 'nameless',
    };
    await kafka.send(topic, [
      { key: 'k', value: 'v', headers, timestamp: '1000' },
      { key: 'tombstone', value: null, timestamp: '1001' },
      { value: '', key: '', timestamp: '0' },
      { key: null, value: 'keyless', timestamp: '1003' },
    ]);
    return kafka.read(topic, 4, { each: whole });
  },
  'times of records': async (kafka) => {
    const topic = await kafka.topic('times');
    const producer = await kafka.producer();
    const at = (time: number) =>
      outcome(() => producer.send({ topic, messages: [{ value: 'v', timestamp: `${time}` }] }));
    const now = Date.now();
    return {
      negative: await at(-5),
      old: await at(1),
      soon: await at(now + HOUR / 2),
      future: await at(now + 2 * HOUR),
      inMicroseconds: await at(now * 1000),
    };
  },
  'a batch in gzip': async (kafka) => {
    const topic = await kafka.topic('gzip');
    const producer = await kafka.producer();
    const value = 'x'.repeat(2 * MAX_BATCH); // fits when it is compressed
    const messages = [
      { value, timestamp: '1000' },
      { value: 'second', timestamp: '2000' },
    ];
    const sent = await outcome(() => producer.send({ topic, compression: CompressionTypes.GZIP, messages }));
    const read = await kafka.read(topic, 2, { each: ({ timestamp, value: v }) => ({ timestamp, length: v?.length }) });
    const admin = await kafka.admin();
    const since = await admin.fetchTopicOffsetsByTimestamp(topic, 1500);
    return { sent, since, read: read.map((record) => ({ ...record, value: record.value?.slice(0, 10) })) };
  },
  'a batch of the largest size, and one that is larger': async (kafka) => {
    const topic = await kafka.topic('large');
    const producer = await kafka.producer();
    const send = (length: number) =>
      outcome(() => producer.send({ topic, messages: [{ value: Buffer.alloc(length) }] }));
    const overhead = 61 + 3 + 1 + 1 + 1 + 1 + 3 + 1; // head; the record's length, attributes, 2 deltas, key, value, headers
    return [await send(MAX_BATCH - overhead), await send(MAX_BATCH - overhead + 1), await send(3 * MAX_BATCH)];
  },
  'a partition that is not there': async (kafka) => {
    const topic = await kafka.topic('small');
    const messages = [{ value: 'v', partition: 7 }];
    const producer = await kafka.producer();
    const consumer = await kafka.consumer(kafka.name('readers'));
    await consumer.subscribe({ topics: [topic] });
    const admin = await kafka.admin();
    const partitions = [{ partition: 7, offset: '0' }];
    return {
      sent: await outcome(() => producer.send({ topic, messages })),
      committed: await outcome(() => admin.setOffsets({ groupId: kafka.name('group'), topic, partitions })),
      deleted: await outcome(() => admin.deleteTopicRecords({ topic, partitions })),
    };
  },
  'offsets at both ends and by time': async (kafka) => {
    const topic = await kafka.topic('timed', 2);
    const times = [1000, 3000, 2000, 4000]; // one is late
    for (const time of times) await kafka.send(topic, [{ value: 'v', timestamp: `${time}` }]);
    await kafka.send(
      topic,
      times.map((time) => ({ value: 'one batch', timestamp: `${time + 4000}` })),
    );
    const admin = await kafka.admin();
    const sorted = (list: readonly { partition: number }[]) => list.toSorted((a, b) => a.partition - b.partition);
    const since = async (time: number) => sorted(await admin.fetchTopicOffsetsByTimestamp(topic, time));
    return {
      ends: sorted(await admin.fetchTopicOffsets(topic)),
      since: [await since(0), await since(1500), await since(2500), await since(5500), await since(9000)],
      unknown: await outcome(() => admin.fetchTopicOffsets(kafka.name('none'))),
      unknownSince: await outcome(() => admin.fetchTopicOffsetsByTimestamp(kafka.name('none'), 1)),
    };
  },
  'records are deleted': async (kafka) => {
    const topic = await kafka.topic('cut');
    await kafka.send(topic, numbered(5));
    const admin = await kafka.admin();
    const remove = (offset: string, name = topic) =>
      outcome(() => admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset }] }));
    const answers = [await remove('3'), await remove('1'), await remove('9'), await remove('-2')];
    const ends = await admin.fetchTopicOffsets(topic);
    const rest = await kafka.read(topic, 2);
    const all = [await remove('-1'), await admin.fetchTopicOffsets(topic)];
    return {
      answers,
      ends,
      rest,
      all,
      since: await admin.fetchTopicOffsetsByTimestamp(topic, 1),
      unknown: await remove('1', kafka.name('none')),
    };
  },
  'a reader beyond the end begins again where it was told': async (kafka) => {
    const topic = await kafka.topic('jump');
    await kafka.send(topic, numbered(3));
    const admin = await kafka.admin();
    const groupId = kafka.name('jumpers');
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '999' }] });
    return kafka.read(topic, 3, { group: groupId });
  },
  'a reader before the start begins at the start': async (kafka) => {
    const topic = await kafka.topic('late');
    await kafka.send(topic, numbered(5));
    const admin = await kafka.admin();
    const groupId = kafka.name('sleepers');
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '1' }] });
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    return kafka.read(topic, 2, { group: groupId });
  },
  'a small reader of large records': async (kafka) => {
    const topic = await kafka.topic('narrow');
    for (const value of ['a', 'b', 'c']) await kafka.send(topic, [{ value: value.repeat(10_000) }]);
    const lengths = ({ value }: KafkaMessage) => ({ length: value?.length });
    const read = await kafka.read(topic, 3, { maxBytesPerPartition: 100, maxBytes: 100, each: lengths });
    return read.map((record) => ({ ...record, value: record.value?.slice(0, 1) }));
  },
};
