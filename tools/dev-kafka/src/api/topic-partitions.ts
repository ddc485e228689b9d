import type { WireReader } from '../wire/reader.js';
import type { WireWriter } from '../wire/writer.js';

/** The shape that most requests have: something per partition, grouped by topic. */
export interface TopicPartitions<T> {
  readonly topic: string;
  readonly partitions: readonly T[];
}

export function readTopics<T>(request: WireReader, readPartition: () => T): TopicPartitions<T>[] {
  return request.array(() => ({ topic: request.string(), partitions: request.array(readPartition) }));
}

export function writeTopics<T>(
  response: WireWriter,
  topics: readonly TopicPartitions<T>[],
  writePartition: (partition: T, topic: string) => void,
): WireWriter {
  return response.array(topics, ({ topic, partitions }) => {
    response.string(topic).array(partitions, (partition) => writePartition(partition, topic));
  });
}
