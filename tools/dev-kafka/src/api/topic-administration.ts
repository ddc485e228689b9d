import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { WireReader } from '../wire/reader.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';

interface Outcome {
  readonly topic: string;
  readonly error: ErrorCode;
  readonly message: string | null;
}

export const createTopics: Api = {
  name: 'CreateTopics',
  key: 19,
  version: 3,
  handle(request, { broker }) {
    const topics = request.array(() => {
      const topic = request.string();
      const count = request.int32();
      request.int16(); // replication factor: there is one broker
      const assigned = request.array(() => ({ partition: request.int32(), nodes: int32s(request) })).length;
      request.array(() => ({ name: request.string(), value: request.nullableString() })); // see README: not used
      return { topic, partitions: assigned || (count === -1 ? undefined : count) };
    });
    request.int32(); // timeout: it happens at once
    const dryRun = request.boolean();
    return answer(
      topics.map(({ topic, partitions }) => outcome(topic, () => broker.topics.create(topic, partitions, dryRun))),
    );
  },
};

export const createPartitions: Api = {
  name: 'CreatePartitions',
  key: 37,
  version: 1,
  handle(request, { broker }) {
    const topics = request.array(() => {
      const topic = request.string();
      const count = request.int32();
      request.array(() => int32s(request)); // which brokers: there is one
      return { topic, count };
    });
    request.int32(); // timeout: it happens at once
    const dryRun = request.boolean();
    return answer(topics.map(({ topic, count }) => outcome(topic, () => broker.topics.grow(topic, count, dryRun))));
  },
};

export const deleteTopics: Api = {
  name: 'DeleteTopics',
  key: 20,
  version: 1,
  handle(request, { broker }) {
    const topics = request.array(() => request.string());
    const response = new WireWriter().int32(0); // throttle time
    return response.array(topics, (topic) => {
      response.string(topic).int16(outcome(topic, () => broker.deleteTopic(topic)).error);
    });
  },
};

const int32s = (request: WireReader): number[] => request.array(() => request.int32());

function outcome(topic: string, run: () => void): Outcome {
  try {
    run();
    return { topic, error: ErrorCode.NONE, message: null };
  } catch (error) {
    if (error instanceof KafkaError) return { topic, error: error.code, message: error.message };
    throw error;
  }
}

function answer(outcomes: readonly Outcome[]): WireWriter {
  const response = new WireWriter().int32(0); // throttle time
  return response.array(outcomes, ({ topic, error, message }) => response.string(topic).int16(error).string(message));
}
