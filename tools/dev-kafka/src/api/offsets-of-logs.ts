import { errorCodeOf } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api, Call } from './api.js';
import { readTopics, writeTopics } from './topic-partitions.js';

/** What clients send instead of a time. */
const LATEST = -1;
const EARLIEST = -2;
const READ_COMMITTED = 1;
/** What clients send instead of an offset: everything that is there now. */
const TO_THE_END = -1;

export const listOffsets: Api = {
  name: 'ListOffsets',
  key: 2,
  version: 3,
  handle(request, call) {
    request.int32(); // replica: always a consumer
    const committed = request.int8() === READ_COMMITTED;
    const topics = readTopics(request, () => ({ partition: request.int32(), timestamp: request.int64() }));
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, topics, ({ partition, timestamp }, topic) => {
      let found = { offset: -1, time: -1 };
      const error = errorCodeOf(() => {
        found = findOffset(call, topic, partition, timestamp, committed);
      });
      response.int32(partition).int16(error).int64(found.time).int64(found.offset);
    });
  },
};

function findOffset({ broker }: Call, topic: string, partition: number, timestamp: number, committed: boolean) {
  const log = broker.topics.partition(topic, partition);
  if (timestamp === LATEST) return { offset: committed ? log.stableOffset : log.nextOffset, time: -1 };
  if (timestamp === EARLIEST) return { offset: log.startOffset, time: -1 };
  return log.firstSince(timestamp) ?? { offset: -1, time: -1 };
}

export const deleteRecords: Api = {
  name: 'DeleteRecords',
  key: 21,
  version: 1,
  handle(request, { broker }) {
    const topics = readTopics(request, () => ({ partition: request.int32(), offset: request.int64() }));
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, topics, ({ partition, offset }, topic) => {
      let startOffset = -1;
      const error = errorCodeOf(() => {
        const log = broker.topics.partition(topic, partition);
        log.deleteBefore(offset === TO_THE_END ? log.nextOffset : offset);
        startOffset = log.startOffset;
      });
      response.int32(partition).int64(startOffset).int16(error);
    });
  },
};
