import type { Producer, ProducerConfig, Transaction } from 'kafkajs';
import { FaultProxy, eventually } from '@trellis/testing';
import { connect } from 'node:net';
import { AskedKafka, outcome, type Question } from './asked-kafka.js';

/** Every request begins with its length (4 bytes) and the key of its kind (2 bytes), of which 0 is Produce. */
const isProduce = (request: Buffer): boolean => request.length >= 6 && request.readInt16BE(4) === 0;

const message = (topic: string, value: string) => ({ topic, messages: [{ value }] });

/** Begins a transaction and sends in it. */
async function sending(producer: Producer, topic: string, ...values: string[]): Promise<Transaction> {
  const transaction = await producer.transaction();
  for (const value of values) await transaction.send(message(topic, value));
  return transaction;
}

/** kafkajs asks for its producer id here, not when it connects. */
const begun = async (kafka: AskedKafka, id: string, config: ProducerConfig = {}): Promise<Transaction> =>
  (await kafka.transactional(id, config)).transaction();

export const transactionQuestions: Readonly<Record<string, Question>> = {
  'an idempotent producer': async (kafka) => {
    const topic = await kafka.topic('once');
    const producer = await kafka.producer({ idempotent: true });
    const sent = [];
    for (const value of ['a', 'b', 'c']) sent.push(await outcome(() => producer.send(message(topic, value))));
    return { sent, read: await kafka.read(topic, 3) };
  },
  'answers that are lost, so that records are sent again': async (kafka) => {
    const proxy = new FaultProxy(kafka.address);
    const port = Number((await proxy.listen()).split(':')[1]);
    const through = new AskedKafka(kafka.address, kafka.prefix, ({ onConnect }) =>
      connect(port, '127.0.0.1', onConnect),
    );
    const values: Record<string, unknown> = {};
    try {
      for (const idempotent of [true, false]) {
        const topic = await kafka.topic(`lost-${idempotent}`);
        const producer = await through.producer({ idempotent });
        for (const value of ['a', 'b', 'c']) {
          if (value === 'b') proxy.loseNextAnswer(isProduce);
          await producer.send(message(topic, value));
        }
        values[`${idempotent}`] = await kafka.read(topic, idempotent ? 3 : 4);
      }
    } finally {
      await through.end();
      await proxy.close();
    }
    return values;
  },
  'transactions that commit and abort': async (kafka) => {
    const topic = await kafka.topic('ledger');
    const producer = await kafka.transactional(kafka.name('writer'));
    const aborted = await sending(producer, topic, 'aborted 1', 'aborted 2');
    const ends = [await outcome(() => aborted.abort())];
    const committed = await sending(producer, topic, 'committed 1', 'committed 2');
    ends.push(await outcome(() => committed.commit()));
    await kafka.read(topic, 2, { group: kafka.name('waiting') }); // until the end of the transaction is in the log
    await kafka.send(topic, [{ value: 'plain' }]);
    const [read, all] = [
      await kafka.read(topic, 3, { group: kafka.name('careful') }),
      await kafka.read(topic, 5, { group: kafka.name('careless'), readUncommitted: true }),
    ];
    const admin = await kafka.admin();
    return { ends, read, all, offsets: await admin.fetchTopicOffsets(topic) };
  },
  'a transaction in the way of readers': async (kafka) => {
    const topic = await kafka.topic('waiting');
    const producer = await kafka.transactional(kafka.name('slow'));
    const open = await sending(producer, topic, 'slow');
    await kafka.send(topic, [{ value: 'quick' }]);
    const careless = await kafka.read(topic, 2, { group: kafka.name('careless'), readUncommitted: true });
    const admin = await kafka.admin();
    const [low, ...rest] = [await admin.fetchTopicOffsets(topic)];
    await open.commit();
    return { careless, low, rest, careful: await kafka.read(topic, 2, { group: kafka.name('careful') }) };
  },
  'a transaction without anything in it': async (kafka) => {
    const producer = await kafka.transactional(kafka.name('idle'));
    const first = await producer.transaction();
    const committed = await outcome(() => first.commit());
    const second = await producer.transaction();
    return { committed, aborted: await outcome(() => second.abort()) };
  },
  'an older producer of the same transactional id': async (kafka) => {
    const topic = await kafka.topic('singleton');
    const [commits, sends, aborts] = [kafka.name('commits'), kafka.name('sends'), kafka.name('aborts')];
    const older = async (id: string) => sending(await kafka.transactional(id), topic, `zombie ${id.slice(-6)}`);
    const zombies = { commits: await older(commits), sends: await older(sends), aborts: await older(aborts) };
    const heirs: Transaction[] = [];
    for (const id of [commits, sends, aborts]) heirs.push(await begun(kafka, id));
    const answers = {
      commits: await outcome(() => zombies.commits.commit()),
      sends: await outcome(() => zombies.sends.send(message(topic, 'late'))),
      aborts: await outcome(() => zombies.aborts.abort()),
    };
    for (const heir of heirs) {
      await heir.send(message(topic, 'heir'));
      await heir.commit();
    }
    const read = await kafka.read(topic, 3);
    return { answers, read: read.map(({ value }) => value) };
  },
  'two transactions, of which the one begun first is aborted last': async (kafka) => {
    const topic = await kafka.topic('interleaved');
    const [one, other] = [await kafka.transactional(kafka.name('one')), await kafka.transactional(kafka.name('other'))];
    const early = await sending(one, topic, 'early');
    const late = await sending(other, topic, 'late');
    await late.abort();
    await (await sending(other, await kafka.topic('next'), 'v')).commit(); // which waits until the end of the last is in the log
    await early.abort();
    await kafka.send(topic, [{ value: 'plain' }]);
    const read = await kafka.read(topic, 1);
    return read.map(({ value }) => value); // by kafkajs, which takes the order of ends for that of beginnings
  },
  'an older producer between two transactions': async (kafka) => {
    const topic = await kafka.topic('singleton');
    const older = await kafka.transactional(kafka.name('id'));
    await (await sending(older, topic, 'older')).commit();
    const transaction = await older.transaction();
    await begun(kafka, kafka.name('id'));
    return [
      await outcome(() => transaction.send(message(topic, 'late'))),
      await outcome(() => transaction.sendOffsets({ consumerGroupId: kafka.name('g'), topics: [] })),
    ];
  },
  'offsets in a transaction': async (kafka) => {
    const topic = await kafka.topic('copied', 2);
    const admin = await kafka.admin();
    const consumerGroupId = kafka.name('copiers');
    const producer = await kafka.transactional(kafka.name('copier'));
    const at = async () => admin.fetchOffsets({ groupId: consumerGroupId, topics: [topic] });
    const attempt = async (offset: string, name = topic) => {
      const transaction = await sending(producer, topic, `copy ${offset}`);
      const partitions = [{ partition: 1, offset }];
      const sent = await outcome(() =>
        transaction.sendOffsets({ consumerGroupId, topics: [{ topic: name, partitions }] }),
      );
      return { transaction, sent };
    };
    const first = await attempt('5');
    const aborted = [first.sent, await outcome(() => first.transaction.abort()), await at()];
    const second = await attempt('6');
    const before = await at();
    const end = await outcome(() => second.transaction.commit());
    await eventually(async () => {
      if ((await at())[0]?.partitions.every(({ offset }) => offset === '-1')) throw new Error('not committed yet');
    });
    const committed = [second.sent, before, end, await at()];
    const third = await attempt('7', kafka.name('none'));
    const unknown = [third.sent, await outcome(() => third.transaction.abort())];
    return { aborted, committed, unknown };
  },
  'a transaction with a topic that is not there': async (kafka) => {
    const producer = await kafka.transactional(kafka.name('lost'));
    const transaction = await producer.transaction();
    return [
      await outcome(() => transaction.send(message(kafka.name('none'), 'v'))),
      await outcome(() => transaction.abort()),
    ];
  },
  'how long a transaction may take': async (kafka) => {
    const producing = (transactionTimeout: number) =>
      outcome(async () => {
        await begun(kafka, kafka.name('slow'), { transactionTimeout });
      });
    return { hour: await producing(3_600_000), none: await producing(0), minute: await producing(60_000) };
  },
  'a transaction that takes too long': async (kafka) => {
    const topic = await kafka.topic('overdue');
    const producer = await kafka.transactional(kafka.name('sleeper'), { transactionTimeout: 500 });
    const transaction = await sending(producer, topic, 'overdue');
    await kafka.send(topic, [{ value: 'behind' }]);
    const read = await kafka.read(topic, 1); // once the broker has given it up
    return {
      read,
      committed: await outcome(() => transaction.commit()),
      next: await outcome(async () => {
        await (await sending(producer, topic, 'next')).commit();
      }),
    };
  },
};
