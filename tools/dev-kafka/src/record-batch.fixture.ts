import { seal } from './wire/record-batch.js';

export interface BatchOptions {
  readonly producerId?: number;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly transactional?: boolean;
  /** Epoch milliseconds of each record. */
  readonly times?: readonly number[];
}

/** A record batch as a producer sends it, with these values and no keys. */
export function recordBatch(values: readonly string[], options: BatchOptions = {}): Buffer {
  const { producerId = -1, epoch = 0, sequence = 0, transactional = false } = options;
  const times = options.times ?? values.map(() => 1_000);
  const first = times[0] ?? 0;
  const records = values.map((value, index) => record(value, index, (times[index] ?? first) - first));
  const header = Buffer.alloc(61);
  header.writeInt8(2, 16);
  header.writeInt16BE(transactional ? 0x10 : 0, 21);
  header.writeInt32BE(values.length - 1, 23);
  header.writeBigInt64BE(BigInt(first), 27);
  header.writeBigInt64BE(BigInt(Math.max(...times)), 35);
  header.writeBigInt64BE(BigInt(producerId), 43);
  header.writeInt16BE(epoch, 51);
  header.writeInt32BE(sequence, 53);
  header.writeInt32BE(values.length, 57);
  const batch = Buffer.concat([header, ...records]);
  batch.writeInt32BE(batch.length - 12, 8);
  seal(batch);
  return batch;
}

function record(value: string, offsetDelta: number, timeDelta: number): Buffer {
  const body = [0, ...varint(timeDelta), ...varint(offsetDelta), ...varint(-1), ...varint(value.length)];
  const bytes = Buffer.concat([Buffer.from(body), Buffer.from(value, 'ascii'), Buffer.from([0])]);
  return Buffer.concat([Buffer.from(varint(bytes.length)), bytes]);
}

function varint(value: number): number[] {
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  const bytes: number[] = [];
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}
