import type { CommittedOffset } from '../log/state-entry.js';
import type { Topics } from '../log/topics.js';
import { ErrorCode, errorCodeOf, KafkaError } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';
import { readTopics, writeTopics } from './topic-partitions.js';

const NO_OFFSET = -1;
/** Kafka's offset.metadata.max.bytes. */
const MAX_METADATA_BYTES = 4096;

export const offsetCommit: Api = {
  name: 'OffsetCommit',
  key: 8,
  version: 5,
  handle(request, { broker }) {
    const group = request.string();
    const generation = request.int32();
    const memberId = request.string();
    const topics = readTopics(request, () => ({
      partition: request.int32(),
      offset: request.int64(),
      metadata: request.nullableString(),
    }));
    const error = errorCodeOf(() => {
      broker.groups.checkCommit(group, memberId, generation);
      broker.offsets.checkRoom(group);
    });
    const checked = topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((offset) => ({
        ...offset,
        error: error || checkOffset(broker.topics, topic, offset),
      })),
    }));
    const good = checked.flatMap(({ topic, partitions }) =>
      partitions.flatMap(({ error: bad, ...offset }) => (bad ? [] : { topic, ...offset })),
    );
    if (good.length > 0) broker.offsets.commit(group, good);
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, checked, (offset) => response.int32(offset.partition).int16(offset.error));
  },
};

export const offsetFetch: Api = {
  name: 'OffsetFetch',
  key: 9,
  version: 4,
  handle(request, { broker }) {
    const group = request.string();
    const wanted = request.nullableArray(() => ({
      topic: request.string(),
      partitions: request.array(() => request.int32()),
    }));
    const everything = Map.groupBy(broker.offsets.list(group), ({ topic }) => topic);
    const topics =
      wanted ?? [...everything].map(([topic, list]) => ({ topic, partitions: list.map((each) => each.partition) }));
    const response = new WireWriter().int32(0); // throttle time
    writeTopics(response, topics, (partition, topic) => {
      const committed = broker.offsets.find(group, topic, partition);
      response
        .int32(partition)
        .int64(committed?.offset ?? NO_OFFSET)
        .string(committed?.metadata ?? '');
      response.int16(ErrorCode.NONE);
    });
    return response.int16(ErrorCode.NONE);
  },
};

function checkOffset(
  topics: Topics,
  topic: string,
  { partition, metadata }: Omit<CommittedOffset, 'topic'>,
): ErrorCode {
  return errorCodeOf(() => {
    topics.partition(topic, partition);
    if (Buffer.byteLength(metadata ?? '') > MAX_METADATA_BYTES) {
      throw new KafkaError(ErrorCode.OFFSET_METADATA_TOO_LARGE, `At most ${MAX_METADATA_BYTES} bytes`);
    }
  });
}
