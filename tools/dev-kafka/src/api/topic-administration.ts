import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import type { WireReader } from '../wire/reader.js';
import { WireWriter } from '../wire/writer.js';
import type { Api } from './api.js';
import { NODE } from './metadata.js';
import { checkSetting } from './topic-settings.js';

interface Outcome {
  readonly topic: string;
  readonly error: ErrorCode;
  readonly message: string | null;
}

interface Wanted {
  readonly count: number;
  readonly replicas: number;
  readonly assigned: readonly { readonly partition: number; readonly nodes: readonly number[] }[];
}

export const createTopics: Api = {
  name: 'CreateTopics',
  key: 19,
  version: 3,
  handle(request, { broker }) {
    const topics = request.array(() => {
      const topic = request.string();
      const count = request.int32();
      const replicas = request.int16();
      const assigned = request.array(() => ({ partition: request.int32(), nodes: int32s(request) }));
      const settings = request.array(() => ({ name: request.string(), value: request.nullableString() }));
      return { topic, count, replicas, assigned, settings };
    });
    request.int32(); // timeout: it happens at once
    const dryRun = request.boolean();
    return answer(
      topics.map((wanted) =>
        outcome(wanted.topic, () => {
          const { topic, assigned, count } = wanted;
          checkReplicas(wanted);
          for (const { name, value } of wanted.settings) checkSetting(name, value ?? '');
          broker.topics.create(topic, assigned.length || (count === BY_DEFAULT ? undefined : count), dryRun);
        }),
      ),
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
      return { topic, count, assigned: request.array(() => int32s(request)) };
    });
    request.int32(); // timeout: it happens at once
    const dryRun = request.boolean();
    return answer(
      topics.map(({ topic, count, assigned }) =>
        outcome(topic, () => {
          assigned.forEach(checkNodes);
          broker.topics.grow(topic, count, dryRun);
        }),
      ),
    );
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

/** What clients send instead of a number. */
const BY_DEFAULT = -1;

/** Throws `KafkaError` unless this broker alone is to hold it all. */
function checkReplicas({ count, replicas, assigned }: Wanted): void {
  if (assigned.length > 0 && (count !== BY_DEFAULT || replicas !== BY_DEFAULT)) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'Replicas are both assigned and counted');
  }
  if (replicas !== BY_DEFAULT && replicas !== 1) {
    throw new KafkaError(ErrorCode.INVALID_REPLICATION_FACTOR, `${replicas} replicas, and there is one broker`);
  }
  assigned.forEach(({ nodes }) => checkNodes(nodes));
  const numbers = new Set(assigned.map(({ partition }) => partition));
  if (assigned.some((_, partition) => !numbers.has(partition))) {
    throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, 'The partitions are not numbered from 0 on');
  }
}

function checkNodes(nodes: readonly number[]): void {
  if (nodes.length === 1 && nodes[0] === NODE) return;
  throw new KafkaError(ErrorCode.INVALID_REPLICA_ASSIGNMENT, `Replicas at ${nodes.join()}, and there is only ${NODE}`);
}

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
