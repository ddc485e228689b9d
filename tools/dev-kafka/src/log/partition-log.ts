import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { controlBatch, isCommit, type Marker } from '../wire/control-batch.js';
import { ErrorCode, KafkaError } from '../wire/kafka-error.js';
import { type BatchHeader, placeAt, readHeader, validBatch } from '../wire/record-batch.js';
import { firstRecordSince } from '../wire/record-times.js';
import { readLogStart, writeLogStart } from './log-start.js';
import type { OpenFiles } from './open-files.js';
import { ProducerStates } from './producer-states.js';
import { Segment } from './segment.js';
import { type AbortedTransaction, TransactionIndex } from './transaction-index.js';

export interface LogLimits {
  /** A segment that is larger is followed by a new one. */
  readonly segmentBytes: number;
  /** Oldest segments go while a partition is larger. */
  readonly retentionBytes: number;
  /** Segments go when all their records are older, in milliseconds. */
  readonly retentionMs: number;
  /** Largest record batch. */
  readonly maxBatchBytes: number;
}

const SEGMENT = /^(\d{20})\.log$/;

/** One partition: its segments on disk, and in memory only what can be rebuilt from them. */
export class PartitionLog {
  readonly #segments: [Segment, ...Segment[]];
  readonly #producers = new ProducerStates();
  readonly #transactions = new TransactionIndex();
  readonly #listeners = new Set<() => void>();
  #startOffset: number;

  /** Opens the folder and reads its log. A torn tail is cut off: it was never acknowledged. */
  constructor(
    readonly folder: string,
    readonly files: OpenFiles,
    readonly limits: LogLimits,
    warn: (message: string) => void,
  ) {
    mkdirSync(folder, { recursive: true });
    const names = readdirSync(folder).sort();
    const offsets = names.flatMap((name) => (SEGMENT.test(name) ? [parseInt(name, 10)] : []));
    const [first = this.#segment(0), ...others] = offsets.map((offset) => this.#segment(offset));
    this.#segments = [first, ...others];
    for (const segment of this.#segments) this.#recover(segment, warn);
    this.#startOffset = Math.max(first.baseOffset, readLogStart(folder));
  }

  get startOffset(): number {
    return this.#startOffset;
  }

  /** Offset of the next record. With one replica it is the high watermark as well. */
  get nextOffset(): number {
    return this.#active.nextOffset;
  }

  /** Readers of committed records see what lies below. */
  get stableOffset(): number {
    return this.#transactions.firstOpenOffset() ?? this.nextOffset;
  }

  /** Writes the batch of a producer, unless it is in the log already, and returns its base offset. Throws `KafkaError`. */
  append(batch: Buffer): number {
    const header = validBatch(batch, this.limits.maxBatchBytes);
    const duplicate = header.producerId < 0 ? undefined : this.#producers.findDuplicate(header);
    return duplicate ?? this.#write(batch, header, false);
  }

  /** Ends the producer's transaction here, if it has written anything here. */
  endTransaction(marker: Marker): void {
    if (!this.#transactions.isOpen(marker.producerId)) return;
    const batch = controlBatch(marker);
    this.#write(batch, readHeader(batch) as BatchHeader, marker.commit);
  }

  /** Whole batches that start below `before`. Throws `KafkaError` for an offset outside of the log. */
  read(offset: number, before: number, maxBytes: number): Buffer {
    if (offset < this.startOffset || offset > this.nextOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE, `Offset ${offset} is not in the log`);
    }
    const segment = this.#segments.findLast(({ baseOffset }) => baseOffset <= offset) ?? this.#active;
    return offset >= before ? Buffer.alloc(0) : segment.read(offset, before, maxBytes);
  }

  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.#transactions.abortedBetween(from, to);
  }

  /** The first record at or after this time, epoch milliseconds. */
  firstSince(timestamp: number): { offset: number; time: number } | undefined {
    const segment = this.#segments.find(({ maxTimestamp }) => maxTimestamp >= timestamp);
    const located = segment?.firstSince(timestamp);
    if (!segment || !located) return undefined;
    const found = firstRecordSince(segment.batchAt(located.position, located.header), located.header, timestamp);
    return found.offset < this.startOffset ? { offset: this.startOffset, time: found.time } : found;
  }

  /** Makes records below the offset unreadable, and frees the segments that held nothing else. */
  deleteBefore(offset: number): void {
    if (offset < 0 || offset > this.nextOffset) {
      throw new KafkaError(ErrorCode.OFFSET_OUT_OF_RANGE, `Offset ${offset} is not in the log`);
    }
    if (offset <= this.startOffset) return;
    writeLogStart(this.folder, offset);
    this.#startOffset = offset;
    this.#dropSegments((segment) => segment.nextOffset <= offset);
  }

  /** Drops what is too old or too much. The active segment and what open transactions touch stay. */
  applyRetention(now: number): void {
    let excess = this.#segments.reduce((sum, { size }) => sum + size, 0) - this.limits.retentionBytes;
    this.#dropSegments((segment) => {
      const goes = excess > 0 || segment.maxTimestamp < now - this.limits.retentionMs;
      excess -= segment.size;
      return goes && segment.nextOffset <= this.stableOffset;
    });
  }

  /** Called after every append and at the end, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets go of the files; whoever waits for records is told. */
  close(): void {
    for (const segment of this.#segments) this.files.close(segment.path);
    this.#notify();
  }

  get #active(): Segment {
    return this.#segments.at(-1) as Segment;
  }

  #write(batch: Buffer, header: BatchHeader, commit: boolean): number {
    const baseOffset = this.nextOffset;
    placeAt(batch, baseOffset);
    const placed = { ...header, baseOffset, lastOffset: baseOffset + header.records - 1 };
    if (this.#active.size >= this.limits.segmentBytes) this.#segments.push(this.#segment(baseOffset));
    try {
      this.#active.append(batch, placed);
    } catch (cause) {
      throw Object.assign(new KafkaError(ErrorCode.KAFKA_STORAGE_ERROR, 'The log cannot be written'), { cause });
    }
    this.#accept(placed, commit);
    this.#notify();
    return baseOffset;
  }

  #accept(header: BatchHeader, commit: boolean): void {
    if (header.producerId < 0) return;
    this.#producers.accept(header);
    this.#transactions.accept(header, commit);
  }

  #segment(baseOffset: number): Segment {
    return new Segment(join(this.folder, `${String(baseOffset).padStart(20, '0')}.log`), baseOffset, this.files);
  }

  /** Only the last segment can be torn: the others were complete before their successor was begun. */
  #recover(segment: Segment, warn: (message: string) => void): void {
    const last = segment === this.#active;
    const leftOut = segment.recover(last, (header, position) => {
      this.#accept(header, header.control && isCommit(segment.batchAt(position, header)));
    });
    if (leftOut === 0) return;
    warn(`${segment.path}: ${leftOut} bytes after offset ${segment.nextOffset} are torn or damaged and left out`);
    if (last) segment.truncate();
  }

  #dropSegments(goes: (segment: Segment) => boolean): void {
    while (this.#segments.length > 1 && goes(this.#segments[0])) {
      this.#segments.shift()?.delete();
      this.#startOffset = Math.max(this.#startOffset, this.#segments[0].baseOffset);
    }
    this.#transactions.trim(this.#startOffset);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
