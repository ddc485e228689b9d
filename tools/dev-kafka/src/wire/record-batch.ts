import { crc32c } from './crc32c.js';
import { ErrorCode, KafkaError } from './kafka-error.js';

/** Bytes before the records of a batch, https://kafka.apache.org/documentation/#recordbatch. */
export const HEADER_SIZE = 61;
/** Bytes that the length field of a batch does not count: the base offset and itself. */
const BEFORE_LENGTH = 12;
const CRC_POSITION = 17;
const CHECKED_FROM = 21;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const COMPRESSION = 0x07;

/** The header of a record batch of version 2. Times are epoch milliseconds. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Offset of the last record. */
  readonly lastOffset: number;
  /** Of the whole batch in bytes. */
  readonly size: number;
  /** How the records are compressed: 0 not, 1 with gzip; others stay closed to us. */
  readonly compression: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  /** -1 when the producer is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly records: number;
}

/** Reads the header of the batch that starts at `start`, or undefined when that is not the start of a batch. */
export function readHeader(buffer: Buffer, start = 0): BatchHeader | undefined {
  if (buffer.length - start < HEADER_SIZE) return undefined;
  const size = buffer.readInt32BE(start + 8) + BEFORE_LENGTH;
  if (size < HEADER_SIZE || buffer.readInt8(start + 16) !== 2) return undefined;
  const baseOffset = Number(buffer.readBigInt64BE(start));
  const attributes = buffer.readInt16BE(start + CHECKED_FROM);
  return {
    baseOffset,
    lastOffset: baseOffset + buffer.readInt32BE(start + 23),
    size,
    compression: attributes & COMPRESSION,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
    firstTimestamp: Number(buffer.readBigInt64BE(start + 27)),
    maxTimestamp: Number(buffer.readBigInt64BE(start + 35)),
    producerId: Number(buffer.readBigInt64BE(start + 43)),
    producerEpoch: buffer.readInt16BE(start + 51),
    firstSequence: buffer.readInt32BE(start + 53),
    records: buffer.readInt32BE(start + 57),
  };
}

/** Whether the checksum of this whole batch is right. */
export function isIntact(batch: Buffer): boolean {
  return crc32c(batch.subarray(CHECKED_FROM)) === batch.readUInt32BE(CRC_POSITION);
}

/** Writes the checksum of a batch that we made ourselves. */
export function seal(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch.subarray(CHECKED_FROM)), CRC_POSITION);
}

/** The checksum leaves the base offset out, so that a broker can give it without computing it again. */
export function placeAt(batch: Buffer, baseOffset: number): void {
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  batch.writeInt32BE(0, BEFORE_LENGTH); // leader epoch: there is one leader, for ever
}

/** The header of exactly one intact batch as a producer may send it. Throws `KafkaError`. */
export function validBatch(batch: Buffer, maxBytes: number): BatchHeader {
  const header = readHeader(batch);
  if (!header || header.size !== batch.length) {
    throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, 'Not exactly one record batch of version 2');
  }
  if (batch.length > maxBytes) throw new KafkaError(ErrorCode.MESSAGE_TOO_LARGE, `A batch has ${batch.length} bytes`);
  if (!isIntact(batch)) throw new KafkaError(ErrorCode.CORRUPT_MESSAGE, 'The checksum of a batch is wrong');
  if (header.control || header.records < 1 || header.lastOffset - header.baseOffset !== header.records - 1) {
    throw new KafkaError(ErrorCode.INVALID_REQUEST, 'A batch is a control batch or its record count is wrong');
  }
  return header;
}
