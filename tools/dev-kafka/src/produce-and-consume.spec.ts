import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { CompressionTypes } from 'kafkajs';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

let kafka: TemporaryKafka;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  await kafka.start();
});
afterEach(() => kafka.stop());

describe('a kafkajs client', () => {
  it('gets what was produced: keys, headers and values, in order per key, to a topic made on the way', async () => {
    const producer = await kafka.producer();
    const messages = Array.from({ length: 200 }, (_, index) => ({
      key: `key ${index % 7}`,
      value: `${index}`,
      headers: { number: `${index}`, bytes: Buffer.from([index]) },
    }));
    await producer.send({ topic: 'greetings', messages });
    const received: { key: string; value: string; headers: string[] }[] = [];
    const consumer = await kafka.member('readers', 'greetings');
    await consumer.run({
      eachMessage: ({ message: { key, value, headers } }) => {
        const { number, bytes } = headers ?? {};
        received.push({
          key: `${key}`,
          value: `${value}`,
          headers: [`${number?.toString()}`, Buffer.from(bytes as Buffer).toString('hex')],
        });
        return Promise.resolve();
      },
    });
    await eventually(() => expect(received).toHaveLength(200));
    const byKey = (list: readonly { key: string; value: string }[]) =>
      Object.groupBy(
        list.map(({ key, value }) => ({ key, value })),
        ({ key }) => key,
      );
    expect(byKey(received)).toEqual(byKey(messages));
    expect(received.find(({ value }) => value === '17')?.headers).toEqual(['17', '11']);
  });

  it('hears of a record while its fetch waits', async () => {
    const producer = await kafka.producer();
    await producer.send({ topic: 'news', messages: [{ value: 'first' }] });
    const values = await kafka.follow('news');
    await eventually(() => expect(values).toEqual(['first']));
    await producer.send({ topic: 'news', messages: [{ value: 'second' }] });
    await eventually(() => expect(values).toEqual(['first', 'second']));
  });

  it('sends and reads compressed batches and batches near the limit', async () => {
    const producer = await kafka.producer();
    const large = 'x'.repeat(1_000_000);
    await producer.send({ topic: 'big', compression: CompressionTypes.GZIP, messages: [{ key: 'k', value: large }] });
    await producer.send({ topic: 'big', messages: [{ key: 'k', value: `${large}y` }] });
    const values = await kafka.follow('big');
    await eventually(() => expect(values.map(({ length }) => length)).toEqual([1_000_000, 1_000_001]));
  });

  it('is told that a batch is too large, as by Apache Kafka', async () => {
    const producer = await kafka.producer();
    const sending = producer.send({ topic: 'big', messages: [{ value: 'x'.repeat(1_048_588) }] });
    await expect(sending).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
  });

  it('is refused a record of the day after tomorrow', async () => {
    const producer = await kafka.producer();
    const timestamp = `${Date.now() + 2 * 24 * 60 * 60_000}`;
    const sending = producer.send({ topic: 'late', messages: [{ value: 'v', timestamp }] });
    await expect(sending).rejects.toMatchObject({ type: 'INVALID_TIMESTAMP' });
  });

  it('finds a topic that is made on the way when it asks again', async () => {
    const consumer = kafka.kafka().consumer({ groupId: 'early' });
    await consumer.connect();
    const subscribe = () => consumer.subscribe({ topics: ['soon'] });
    await expect(subscribe()).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    await subscribe();
    await consumer.disconnect();
  });

  it('goes on where its group stopped', async () => {
    const producer = await kafka.producer();
    const send = (value: string) => producer.send({ topic: 'steps', messages: [{ key: 'k', value }] });
    await send('one');
    const consumer = await kafka.member('walkers', 'steps');
    const seen: string[] = [];
    await consumer.run({
      eachMessage: ({ message }) => {
        seen.push(`${message.value}`);
        return Promise.resolve();
      },
    });
    await eventually(() => expect(seen).toEqual(['one']));
    await consumer.disconnect(); // commits
    await send('two');
    const values = await kafka.follow('steps', 'walkers');
    await eventually(() => expect(values).toEqual(['two']));
  });
});
