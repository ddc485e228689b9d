import { HEADER_SIZE, seal } from './record-batch.js';

const ABORT = 0;
const COMMIT = 1;
const RECORD = Buffer.from([
  ...[0, 0, 0], // attributes, timestamp delta, offset delta
  ...[4 << 1, 0, 0, 0, COMMIT], // key: its length as a varint, version, type
  ...[6 << 1, 0, 0, 0, 0, 0, 0], // value: its length as a varint, version, coordinator epoch
  0, // headers
]);
const TYPE_IN_RECORD = 7;

export interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly commit: boolean;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** The batch that ends a transaction in one partition. */
export function controlBatch(marker: Marker): Buffer {
  const batch = Buffer.alloc(HEADER_SIZE + 1 + RECORD.length);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(0x30, 21); // transactional and control
  batch.writeBigInt64BE(BigInt(marker.timestamp), 27);
  batch.writeBigInt64BE(BigInt(marker.timestamp), 35);
  batch.writeBigInt64BE(BigInt(marker.producerId), 43);
  batch.writeInt16BE(marker.producerEpoch, 51);
  batch.writeInt32BE(-1, 53);
  batch.writeInt32BE(1, 57);
  batch.writeInt8(RECORD.length << 1, HEADER_SIZE); // a varint
  RECORD.copy(batch, HEADER_SIZE + 1);
  batch.writeInt8(marker.commit ? COMMIT : ABORT, HEADER_SIZE + 1 + TYPE_IN_RECORD);
  seal(batch);
  return batch;
}

/** Whether this control batch, one of ours, commits. */
export function isCommit(batch: Buffer): boolean {
  return batch[HEADER_SIZE + 1 + TYPE_IN_RECORD] === COMMIT;
}
