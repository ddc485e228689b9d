import { ErrorCode, errorCodeOf, KafkaError } from '../wire/kafka-error.js';
import { readHeader } from '../wire/record-batch.js';
import { WireWriter } from '../wire/writer.js';
import type { Api, Call } from './api.js';
import { readTopics, writeTopics } from './topic-partitions.js';

const NO_ACKNOWLEDGEMENT = 0;
/** Kafka's message.timestamp.after.max.ms. */
const MAX_AHEAD_MS = 60 * 60_000;
const ALLOWED_ACKS = [-1, NO_ACKNOWLEDGEMENT, 1];

interface Appended {
  readonly error: ErrorCode;
  readonly baseOffset: number;
  readonly startOffset: number;
}

export const produce: Api = {
  name: 'Produce',
  key: 0,
  version: 7,
  handle(request, call) {
    const transactionalId = request.nullableString();
    const acks = request.int16();
    request.int32(); // how long to wait for replicas: there are none
    const topics = readTopics(request, () => ({ partition: request.int32(), records: request.bytes() }));
    const appended = topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, records }) => ({
        partition,
        ...(ALLOWED_ACKS.includes(acks)
          ? append(call, transactionalId, topic, partition, records)
          : { error: ErrorCode.INVALID_REQUIRED_ACKS, baseOffset: -1, startOffset: -1 }),
      })),
    }));
    if (acks === NO_ACKNOWLEDGEMENT) return undefined;
    const response = new WireWriter();
    writeTopics(response, appended, ({ partition, error, baseOffset, startOffset }) => {
      response.int32(partition).int16(error).int64(baseOffset);
      response.int64(-1).int64(startOffset); // records keep the producer's time
    });
    return response.int32(0); // throttle time
  },
};

function append(
  { broker }: Call,
  transactionalId: string | null,
  topic: string,
  partition: number,
  records: Buffer,
): Appended {
  let baseOffset = -1;
  const error = errorCodeOf(() => {
    const log = broker.topics.partition(topic, partition);
    const header = readHeader(records);
    if (header && header.maxTimestamp > broker.now() + MAX_AHEAD_MS) {
      throw new KafkaError(ErrorCode.INVALID_TIMESTAMP, `A record is of ${header.maxTimestamp}, which is to come`);
    }
    if (header?.transactional) {
      const { producerId, producerEpoch: epoch } = header;
      broker.transactions.checkProduce({ transactionalId: transactionalId ?? '', producerId, epoch }, topic, partition);
    }
    baseOffset = log.append(records);
  });
  return { error, baseOffset, startOffset: broker.topics.find(topic)?.[partition]?.startOffset ?? -1 };
}
