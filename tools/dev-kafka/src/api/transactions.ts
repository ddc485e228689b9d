import type { Claim } from '../transaction/transactions.js';
import { errorCodeOf } from '../wire/kafka-error.js';
import type { WireReader } from '../wire/reader.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';
import { readTopics, writeTopics } from './topic-partitions.js';

/** An id for a producer: without a transactional id for idempotence alone. */
export const initProducerId: Api = {
  name: 'InitProducerId',
  key: 22,
  version: 1,
  handle(request, { broker }) {
    const transactionalId = request.nullableString();
    const timeoutMs = request.int32();
    let producer = { producerId: -1, epoch: 0 };
    const error = errorCodeOf(() => {
      producer =
        transactionalId === null
          ? { producerId: broker.producerIds.take(), epoch: 0 }
          : broker.transactions.begin(transactionalId, timeoutMs);
    });
    return new WireWriter().int32(0).int16(error).int64(producer.producerId).int16(producer.epoch);
  },
};

export const addPartitionsToTxn: Api = {
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 1,
  handle(request, { broker }) {
    const claim = readClaim(request);
    const topics = readTopics(request, () => request.int32());
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, topics, (partition, topic) => {
      const error = errorCodeOf(() => broker.transactions.addPartition(claim, topic, partition));
      response.int32(partition).int16(error);
    });
  },
};

export const addOffsetsToTxn: Api = {
  name: 'AddOffsetsToTxn',
  key: 25,
  version: 1,
  handle(request, { broker }) {
    const claim = readClaim(request);
    return new WireWriter().int32(0).int16(errorCodeOf(() => broker.transactions.addGroup(claim)));
  },
};

export const txnOffsetCommit: Api = {
  name: 'TxnOffsetCommit',
  key: 28,
  version: 1,
  handle(request, { broker }) {
    const transactionalId = request.string();
    const group = request.string();
    const claim = { transactionalId, producerId: request.int64(), epoch: request.int16() };
    const topics = readTopics(request, () => ({
      partition: request.int32(),
      offset: request.int64(),
      metadata: request.nullableString(),
    }));
    const offsets = topics.flatMap(({ topic, partitions }) => partitions.map((each) => ({ topic, ...each })));
    const error = errorCodeOf(() => {
      for (const { topic, partition } of offsets) broker.topics.partition(topic, partition);
      broker.transactions.addOffsets(claim, group, offsets);
    });
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, topics, ({ partition }) => response.int32(partition).int16(error));
  },
};

export const endTxn: Api = {
  name: 'EndTxn',
  key: 26,
  version: 1,
  handle(request, { broker }) {
    const claim = readClaim(request);
    const commit = request.boolean();
    return new WireWriter().int32(0).int16(errorCodeOf(() => broker.transactions.end(claim, commit)));
  },
};

function readClaim(request: WireReader): Claim {
  return { transactionalId: request.string(), producerId: request.int64(), epoch: request.int16() };
}
