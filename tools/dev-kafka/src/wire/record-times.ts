import { gunzipSync } from 'node:zlib';
import { type BatchHeader, HEADER_SIZE } from './record-batch.js';

const GZIP = 1;
/** No batch of at most 1 MiB that is worth looking into holds more. */
const MAX_RECORDS_BYTES = 64 * 1024 * 1024;

/**
 * The first record of a batch at or after a time, with its own time. Records compressed by anything but gzip stay closed:
 * there the answer is the batch's first offset, which never skips a record.
 */
export function firstRecordSince(batch: Buffer, header: BatchHeader, since: number): { offset: number; time: number } {
  const start = { offset: header.baseOffset, time: header.firstTimestamp };
  const records = recordsOf(batch, header);
  if (!records) return start;
  let position = 0;
  for (let index = 0; index < header.records; index++) {
    const length = varint(records, position);
    const timeDelta = varint(records, length.next + 1); // after the attributes
    const time = header.firstTimestamp + timeDelta.value;
    if (time >= since) return { offset: header.baseOffset + index, time };
    position = length.next + length.value;
  }
  return start;
}

function recordsOf(batch: Buffer, { compression }: BatchHeader): Buffer | undefined {
  const stored = batch.subarray(HEADER_SIZE);
  if (compression === 0) return stored;
  try {
    return compression === GZIP ? gunzipSync(stored, { maxOutputLength: MAX_RECORDS_BYTES }) : undefined;
  } catch {
    return undefined; // not what it says, or too large: nobody but its readers need know
  }
}

/** A zigzag varint as protobuf has it, in floating point because times are wider than 32 bits. */
function varint(buffer: Buffer, start: number): { value: number; next: number } {
  let result = 0;
  let scale = 1;
  let next = start;
  for (;;) {
    const byte = buffer.readUInt8(next++);
    result += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return { value: result % 2 === 0 ? result / 2 : -(result + 1) / 2, next };
}
