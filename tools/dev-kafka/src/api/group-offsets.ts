import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';
import { readTopics, writeTopics } from './topic-partitions.js';

const NO_OFFSET = -1;

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
    const known = topics.flatMap(({ topic, partitions }) =>
      partitions.filter(({ partition }) => broker.topics.find(topic)?.[partition]).map((each) => ({ topic, ...each })),
    );
    if (error === ErrorCode.NONE) broker.offsets.commit(group, known);
    const response = new WireWriter().int32(0); // throttle time
    return writeTopics(response, topics, ({ partition }, topic) => {
      const isKnown = broker.topics.find(topic)?.[partition] !== undefined;
      response.int32(partition).int16(error || (isKnown ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    });
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
