import { ErrorCode, KafkaError } from '../wire/kafka-error.js';

/** Every setting of a topic that Kafka 4.3 knows, https://kafka.apache.org/documentation/#topicconfigs. */
const SETTINGS = new Set([
  ...[
    'cleanup.policy',
    'compression.gzip.level',
    'compression.lz4.level',
    'compression.type',
    'compression.zstd.level',
  ],
  ...['delete.retention.ms', 'file.delete.delay.ms', 'flush.messages', 'flush.ms', 'index.interval.bytes'],
  ...['follower.replication.throttled.replicas', 'leader.replication.throttled.replicas', 'local.retention.bytes'],
  ...['local.retention.ms', 'max.compaction.lag.ms', 'max.message.bytes', 'message.timestamp.after.max.ms'],
  ...['message.timestamp.before.max.ms', 'message.timestamp.type', 'min.cleanable.dirty.ratio'],
  ...['min.compaction.lag.ms', 'min.insync.replicas', 'preallocate', 'remote.log.copy.disable'],
  ...['remote.log.delete.on.disable', 'remote.storage.enable', 'retention.bytes', 'retention.ms', 'segment.bytes'],
  ...['segment.index.bytes', 'segment.jitter.ms', 'segment.ms', 'unclean.leader.election.enable'],
]);
const WHOLE_NUMBER = /^-?\d+$/;

/** Throws `KafkaError` for what Kafka would refuse by its name, or because it is no number of bytes or milliseconds. */
export function checkSetting(name: string, value: string): void {
  if (!SETTINGS.has(name)) throw new KafkaError(ErrorCode.INVALID_CONFIG, `There is no setting ${name}`);
  if (/\.(ms|bytes)$/.test(name) && !WHOLE_NUMBER.test(value)) {
    throw new KafkaError(ErrorCode.INVALID_CONFIG, `${name} is a whole number`);
  }
}
