import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

const TOPIC = 'ledger';

let kafka: TemporaryKafka;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  await kafka.start();
  const admin = await kafka.admin();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }] });
});
afterEach(() => kafka.stop());

const transactional = (transactionalId: string) =>
  kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });

const message = (value: string) => ({ topic: TOPIC, messages: [{ value }] });

describe('a reader of committed records', () => {
  it('sees a transaction when it commits, and never an aborted one', async () => {
    const values = await kafka.follow(TOPIC);
    const producer = await transactional('writer');
    const aborted = await producer.transaction();
    await aborted.send(message('aborted'));
    await aborted.abort();
    const committed = await producer.transaction();
    await committed.send(message('first half'));
    await committed.send(message('second half'));
    expect(values).toEqual([]);
    await committed.commit();
    await eventually(() => expect(values).toEqual(['first half', 'second half']));
    const late = await kafka.follow(TOPIC);
    await eventually(() => expect(late).toEqual(['first half', 'second half']));
  });

  it('waits behind an open transaction of another producer', async () => {
    const slow = await transactional('slow');
    const open = await slow.transaction();
    await open.send(message('slow'));
    const quick = await kafka.producer();
    await quick.send(message('quick'));
    const values = await kafka.follow(TOPIC);
    const everything = await kafka.follow(TOPIC, 'everything', { readUncommitted: true });
    await eventually(() => expect(everything).toEqual(['slow', 'quick']));
    expect(values).toEqual([]);
    await open.commit();
    await eventually(() => expect(values).toEqual(['slow', 'quick']));
  });

  it('tells interleaved transactions apart', async () => {
    const [good, bad] = [await transactional('good'), await transactional('bad')];
    const [kept, dropped] = [await good.transaction(), await bad.transaction()];
    for (const round of ['1', '2', '3']) {
      await kept.send(message(`kept ${round}`));
      await dropped.send(message(`dropped ${round}`));
    }
    await dropped.abort();
    await kept.commit();
    const values = await kafka.follow(TOPIC);
    await eventually(() => expect(values).toEqual(['kept 1', 'kept 2', 'kept 3']));
  });
});

describe('offsets sent with a transaction', () => {
  it('are committed with it', async () => {
    const admin = await kafka.admin();
    const producer = await transactional('copier');
    const committed = async () =>
      (await admin.fetchOffsets({ groupId: 'copiers', topics: [TOPIC] }))[0]?.partitions[0]?.offset;
    const attempt = async (offset: string) => {
      const transaction = await producer.transaction();
      const topics = [{ topic: TOPIC, partitions: [{ partition: 0, offset }] }];
      await transaction.send(message(`copy ${offset}`));
      await transaction.sendOffsets({ consumerGroupId: 'copiers', topics });
      return transaction;
    };
    await (await attempt('5')).abort();
    expect(await committed()).toBe('-1');
    const second = await attempt('6');
    expect(await committed()).toBe('-1');
    await second.commit();
    expect(await committed()).toBe('6');
  });
});

describe('a second producer with the same transactional id', () => {
  it('aborts what the first left open and shuts it out', async () => {
    const first = await transactional('singleton');
    const zombie = await first.transaction();
    await zombie.send(message('zombie'));
    const second = await transactional('singleton');
    const transaction = await second.transaction();
    await expect(zombie.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    await transaction.send(message('heir'));
    await transaction.commit();
    const values = await kafka.follow(TOPIC);
    await eventually(() => expect(values).toEqual(['heir']));
  });
});
