import type { AbortedTransaction } from '../log/transaction-index.js';
import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import { WireWriter } from '../wire/writer.js';
import type { Api, Call } from './api.js';
import { readTopics, type TopicPartitions, writeTopics } from './topic-partitions.js';
import { untilChange } from './until-change.js';

/** Clients ask for 10 MiB and more; an answer is built in memory, for many of them at the same time. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const MAX_WAIT_MS = 30_000;
const READ_COMMITTED = 1;

interface Wanted {
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

interface Found {
  readonly partition: number;
  readonly error: ErrorCode;
  readonly nextOffset: number;
  readonly stableOffset: number;
  readonly startOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

export const fetch: Api = {
  name: 'Fetch',
  key: 1,
  version: 11,
  async handle(request, call) {
    request.int32(); // replica: always a consumer
    const until = call.broker.now() + Math.min(request.int32(), MAX_WAIT_MS);
    const minBytes = request.int32();
    const maxBytes = Math.min(request.int32(), MAX_ANSWER_BYTES);
    const committed = request.int8() === READ_COMMITTED;
    request.int64(); // fetch session, id and epoch: we answer 0, which means that there are none
    const topics = readTopics(request, () => {
      const partition = request.int32();
      request.int32(); // leader epoch
      const offset = request.int64();
      request.int64(); // where a follower's log starts
      return { partition, offset, maxBytes: request.int32() };
    });
    for (;;) {
      const found = readAll(call, topics, maxBytes, committed);
      const isEnough = found.bytes >= minBytes || found.failed || until <= call.broker.now() || call.signal.aborted;
      if (isEnough) return answer(found.topics);
      const logs = topics.flatMap(({ topic, partitions }) =>
        partitions.flatMap(({ partition }) => call.broker.topics.find(topic)?.[partition] ?? []),
      );
      await untilChange(logs, until - call.broker.now(), call.signal);
    }
  },
};

function readAll(call: Call, topics: readonly TopicPartitions<Wanted>[], maxBytes: number, committed: boolean) {
  let bytes = 0;
  let failed = false;
  const found = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((wanted) => {
      const room = maxBytes - bytes;
      const result = read(call, topic, { ...wanted, maxBytes: Math.min(wanted.maxBytes, room) }, committed);
      bytes += result.records.length;
      failed ||= result.error !== ErrorCode.NONE;
      return result;
    }),
  }));
  return { topics: found, bytes, failed };
}

/** Without room nothing is read; with little, one batch that may be larger, so that a reader always gets on. */
function read(call: Call, topic: string, { partition, offset, maxBytes }: Wanted, committed: boolean): Found {
  const log = call.broker.topics.find(topic)?.[partition];
  let records: Buffer = Buffer.alloc(0);
  let aborted: readonly AbortedTransaction[] = [];
  const error = errorCodeOf(() => {
    const readable = call.broker.topics.partition(topic, partition);
    const before = committed ? readable.stableOffset : readable.nextOffset;
    if (maxBytes > 0) records = readable.read(offset, before, maxBytes);
    if (committed && records.length > 0) aborted = readable.abortedBetween(offset, before);
  });
  return {
    partition,
    error,
    nextOffset: log?.nextOffset ?? -1,
    stableOffset: log?.stableOffset ?? -1,
    startOffset: log?.startOffset ?? -1,
    aborted,
    records,
  };
}

function answer(topics: readonly TopicPartitions<Found>[]): WireWriter {
  const response = new WireWriter().int32(0).int16(ErrorCode.NONE).int32(0); // throttle time, error, session
  return writeTopics(response, topics, (found) => {
    response.int32(found.partition).int16(found.error);
    response.int64(found.nextOffset).int64(found.stableOffset).int64(found.startOffset);
    response.array(found.aborted, ({ producerId, firstOffset }) => response.int64(producerId).int64(firstOffset));
    response.int32(-1).bytes(found.records); // no preferred replica
  });
}
