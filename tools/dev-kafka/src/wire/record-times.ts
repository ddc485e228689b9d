import { type BatchHeader, HEADER_SIZE } from './record-batch.js';

/**
 * The first record of a batch at or after a time, with its own time. Records of a compressed batch stay closed: there
 * the answer is the batch's first offset, which never skips a record.
 */
export function firstRecordSince(batch: Buffer, header: BatchHeader, since: number): { offset: number; time: number } {
  const start = { offset: header.baseOffset, time: header.firstTimestamp };
  if (header.compressed) return start;
  let position = HEADER_SIZE;
  for (let index = 0; index < header.records; index++) {
    const length = varint(batch, position);
    const timeDelta = varint(batch, length.next + 1); // after the attributes
    const time = header.firstTimestamp + timeDelta.value;
    if (time >= since) return { offset: header.baseOffset + index, time };
    position = length.next + length.value;
  }
  return start;
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
