import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordBatch } from '../record-batch.fixture.js';
import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import { readHeader } from '../wire/record-batch.js';
import { OpenFiles } from './open-files.js';
import { type LogLimits, PartitionLog } from './partition-log.js';

const LIMITS: LogLimits = { segmentBytes: 300, retentionBytes: 1000, retentionMs: 1000, maxBatchBytes: 1000 };
const SEGMENT = '00000000000000000000.log';

let folder: string;
let warnings: string[];
let files: OpenFiles;

const open = (limits: Partial<LogLimits> = {}, from = folder): PartitionLog =>
  new PartitionLog(from, files, { ...LIMITS, ...limits }, (message) => warnings.push(message));

/** Base offsets of the batches that a reader gets. */
function offsets(log: PartitionLog, from = log.startOffset, before = log.nextOffset): number[] {
  const found: number[] = [];
  for (let offset = from; offset < before;) {
    const bytes = log.read(offset, before, 1);
    const header = readHeader(bytes);
    if (!header) break;
    found.push(header.baseOffset);
    offset = header.lastOffset + 1;
  }
  return found;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'partition-log-'));
  warnings = [];
  files = new OpenFiles(3);
});
afterEach(() => {
  files.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

describe('a partition', () => {
  it('gives offsets in order, and reads from any of them', () => {
    const log = open();
    expect([log.append(recordBatch(['a', 'b'])), log.append(recordBatch(['c']))]).toEqual([0, 2]);
    expect(offsets(log)).toEqual([0, 2]);
    expect(offsets(log, 1)).toEqual([0, 2]); // the batch that holds 1
    expect(log.read(3, 3, 1000)).toHaveLength(0);
    expect(errorCodeOf(() => log.read(4, 4, 1000))).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
  });

  it('is the same after a restart, over several segments and few descriptors', () => {
    const log = open();
    for (let index = 0; index < 40; index++) log.append(recordBatch([`value ${index}`]));
    expect(readdirSync(folder).length).toBeGreaterThan(5);
    log.close();
    const again = open();
    expect(again.nextOffset).toBe(40);
    expect(offsets(again)).toEqual(offsets(log));
    expect(again.append(recordBatch(['next']))).toBe(40);
    expect(warnings).toEqual([]);
  });

  it('answers with whole batches only, up to the bytes asked for', () => {
    const log = open({ segmentBytes: 10_000 });
    for (let index = 0; index < 10; index++) log.append(recordBatch(['x'.repeat(50)]));
    const size = log.read(0, 10, 1).length;
    expect(log.read(0, 10, size * 3 + 5)).toHaveLength(size * 3);
    expect(log.read(4, 6, 10_000)).toHaveLength(size * 2);
  });

  it('finds a record by time', () => {
    const log = open();
    log.append(recordBatch(['a', 'b'], { times: [10, 20] }));
    log.append(recordBatch(['c', 'd', 'e'], { times: [30, 40, 50] }));
    expect(log.firstSince(0)).toEqual({ offset: 0, time: 10 });
    expect(log.firstSince(11)).toEqual({ offset: 1, time: 20 });
    expect(log.firstSince(40)).toEqual({ offset: 3, time: 40 });
    expect(log.firstSince(51)).toBeUndefined();
  });

  it.each([
    ['damaged', (batch: Buffer) => batch.fill(1, 70), ErrorCode.CORRUPT_MESSAGE],
    ['cut off', (batch: Buffer) => batch.subarray(0, 65), ErrorCode.CORRUPT_MESSAGE],
    ['too large', () => recordBatch(['x'.repeat(1000)]), ErrorCode.MESSAGE_TOO_LARGE],
    ['empty', () => Buffer.alloc(0), ErrorCode.CORRUPT_MESSAGE],
  ])('refuses a batch that is %s', (_how, spoil, expected) => {
    const log = open();
    expect(errorCodeOf(() => log.append(spoil(recordBatch(['some value']))))).toBe(expected);
    expect(log.nextOffset).toBe(0);
  });
});

describe('after kill -9 in the middle of a write', () => {
  it('every batch before the torn one is there, wherever it was torn', () => {
    const log = open({ segmentBytes: 10_000 });
    for (const value of ['one', 'two', 'six']) log.append(recordBatch([value]));
    log.close();
    const size = statSync(join(folder, SEGMENT)).size;
    const whole = size / 3;
    for (let cut = size; cut >= 0; cut--) {
      const copy = join(folder, `cut-${cut}`);
      cpSync(join(folder, SEGMENT), join(copy, SEGMENT));
      truncateSync(join(copy, SEGMENT), cut);
      const recovered = open({}, copy);
      expect(recovered.nextOffset).toBe(Math.floor(cut / whole));
      expect(recovered.append(recordBatch(['after']))).toBe(recovered.nextOffset - 1);
      expect(offsets(recovered)).toHaveLength(recovered.nextOffset);
      recovered.close();
    }
  });

  it('garbage at the end is cut off and said', () => {
    const log = open();
    log.append(recordBatch(['kept']));
    log.close();
    const before = readFileSync(join(folder, SEGMENT));
    const damaged = recordBatch(['lost']);
    damaged.fill(0, 62);
    appendFileSync(join(folder, SEGMENT), damaged);
    expect(open().nextOffset).toBe(1);
    expect(readFileSync(join(folder, SEGMENT))).toEqual(before);
    expect(warnings).toHaveLength(1);
  });
});

describe('an idempotent producer', () => {
  const batch = (sequence: number, count = 1, epoch = 0) =>
    recordBatch(Array<string>(count).fill('v'), { producerId: 5, sequence, epoch });

  it('may send a batch again, also after a restart', () => {
    const log = open();
    expect([log.append(batch(0, 2)), log.append(batch(2)), log.append(batch(0, 2))]).toEqual([0, 2, 0]);
    log.close();
    const again = open();
    expect([again.append(batch(2)), again.append(batch(3))]).toEqual([2, 3]);
    expect(again.nextOffset).toBe(4);
  });

  it('is refused when a batch is missing or its epoch is old', () => {
    const log = open();
    log.append(batch(0, 1, 1));
    expect(errorCodeOf(() => log.append(batch(2, 1, 1)))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(errorCodeOf(() => log.append(batch(1, 1, 0)))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    expect(errorCodeOf(() => log.append(batch(1, 1, 2)))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(log.append(batch(0, 1, 2))).toBe(1);
  });

  it('starts its sequence again after the largest one', () => {
    const log = open();
    log.append(batch(2 ** 31 - 2, 3));
    expect(log.append(batch(1))).toBe(3);
  });
});

describe('a transaction', () => {
  const batch = (producerId: number, sequence = 0) => recordBatch(['v'], { producerId, sequence, transactional: true });
  const end = (producerId: number, commit: boolean) => ({ producerId, producerEpoch: 0, commit, timestamp: 2_000 });

  it('holds the stable offset back until it ends, also over a restart', () => {
    const log = open();
    log.append(batch(1));
    log.append(batch(2));
    expect(log.stableOffset).toBe(0);
    log.endTransaction(end(1, true));
    expect(log.stableOffset).toBe(1);
    log.close();
    const again = open();
    expect(again.stableOffset).toBe(1);
    again.endTransaction(end(2, false));
    expect([again.stableOffset, again.nextOffset]).toEqual([4, 4]);
    const aborted = [{ producerId: 2, firstOffset: 1, lastOffset: 3 }];
    expect(again.abortedBetween(0, 4)).toEqual(aborted);
    expect(again.abortedBetween(4, 9)).toEqual([]);
    again.close();
    expect(open().abortedBetween(0, 4)).toEqual(aborted);
  });

  it('is told to readers, when it was aborted, in the order in which the transactions ended', () => {
    const log = open();
    log.append(batch(1));
    log.append(batch(2));
    log.endTransaction(end(2, false));
    log.endTransaction(end(1, false));
    expect(log.abortedBetween(0, 4).map(({ producerId }) => producerId)).toEqual([2, 1]);
  });

  it('gets no second marker', () => {
    const log = open();
    log.append(batch(1));
    log.endTransaction(end(1, true));
    log.endTransaction(end(1, true));
    expect(log.nextOffset).toBe(2);
  });
});

describe('retention', () => {
  it('drops the oldest segments beyond the size, never the active one', () => {
    const log = open();
    for (let index = 0; index < 40; index++) log.append(recordBatch([`value ${index}`]));
    log.applyRetention(1_500);
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(size).toBeLessThanOrEqual(LIMITS.retentionBytes);
    expect(offsets(log)[0]).toBe(log.startOffset);
    log.close();
    expect(open().startOffset).toBe(log.startOffset);
    log.applyRetention(1e12);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('keeps what an open transaction touches', () => {
    const log = open();
    log.append(recordBatch(['v'], { producerId: 1, transactional: true }));
    for (let index = 0; index < 40; index++) log.append(recordBatch([`value ${index}`]));
    log.applyRetention(1e12);
    expect(log.startOffset).toBe(0);
  });

  it('deletes records on demand, and remembers it', () => {
    const log = open();
    for (let index = 0; index < 10; index++) log.append(recordBatch([`value ${index}`]));
    log.deleteBefore(7);
    expect(errorCodeOf(() => log.read(6, 10, 1000))).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect(errorCodeOf(() => log.deleteBefore(11))).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    log.close();
    expect([open().startOffset, log.nextOffset]).toEqual([7, 10]);
  });
});
