import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { CuttingProxy } from './cutting-proxy.fixture.js';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

const PRODUCE = 0;

let kafka: TemporaryKafka;
let proxy: CuttingProxy;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  proxy = new CuttingProxy(await kafka.start());
  await proxy.listen();
});
afterEach(async () => {
  await kafka.stop();
  proxy.close();
});

/** Sends five values through the proxy, which loses two of the answers, so that kafkajs sends these again. */
async function sendOverBadNetwork(idempotent: boolean): Promise<string[]> {
  const admin = await kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'once', numPartitions: 1 }] });
  const producer = await kafka.producer({ idempotent }, kafka.kafka({ socketFactory: proxy.socketFactory }));
  for (const value of ['a', 'b', 'c', 'd', 'e']) {
    if (value === 'b' || value === 'e') proxy.cutNextAnswerTo(PRODUCE);
    await producer.send({ topic: 'once', messages: [{ value }] });
  }
  expect(proxy.cuts).toBe(2);
  const direct = await kafka.producer();
  await direct.send({ topic: 'once', messages: [{ value: 'end' }] });
  const values = await kafka.follow('once');
  await eventually(() => expect(values.at(-1)).toBe('end'));
  return values;
}

describe('when the answer to a produce request is lost and kafkajs sends it again', () => {
  it('an idempotent producer has each record in the log once', async () => {
    expect(await sendOverBadNetwork(true)).toEqual(['a', 'b', 'c', 'd', 'e', 'end']);
  });

  it('any other producer has it twice, so the network was really bad', async () => {
    expect(await sendOverBadNetwork(false)).toEqual(['a', 'b', 'b', 'c', 'd', 'e', 'e', 'end']);
  });
});
