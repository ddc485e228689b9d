import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultProxy, eventually } from '@trellis/testing';
import type { ISocketFactory } from 'kafkajs';
import { connect } from 'node:net';
import { TemporaryKafka } from './temporary-kafka.fixture.js';

/** Every request begins with its length (4 bytes) and the key of its kind (2 bytes), of which 0 is Produce. */
const isProduce = (request: Buffer): boolean => request.length >= 6 && request.readInt16BE(4) === 0;

let kafka: TemporaryKafka;
let proxy: FaultProxy;
beforeEach(async () => {
  kafka = new TemporaryKafka();
  proxy = new FaultProxy(await kafka.start());
  await proxy.listen();
});
afterEach(async () => {
  await kafka.stop();
  await proxy.close();
});

/** kafkajs would go to the address that the broker announces, past the proxy. */
const throughProxy: ISocketFactory = ({ onConnect }) => {
  const { hostname, port } = new URL(`tcp://${proxy.address}`);
  return connect(Number(port), hostname, onConnect).setKeepAlive(true);
};

/** Sends five values through the proxy, which loses two of the answers, so that kafkajs sends these again. */
async function sendOverBadNetwork(idempotent: boolean): Promise<string[]> {
  const admin = await kafka.admin();
  await admin.createTopics({ topics: [{ topic: 'once', numPartitions: 1 }] });
  const producer = await kafka.producer({ idempotent }, kafka.kafka({ socketFactory: throughProxy }));
  for (const value of ['a', 'b', 'c', 'd', 'e']) {
    if (value === 'b' || value === 'e') proxy.loseNextAnswer(isProduce);
    await producer.send({ topic: 'once', messages: [{ value }] });
  }
  expect(proxy.lost).toBe(2);
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
