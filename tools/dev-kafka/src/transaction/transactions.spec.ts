import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '@trellis/testing';
import { Broker } from '../broker.js';
import { silent } from '../logger.js';
import { recordBatch } from '../record-batch.fixture.js';
import { ErrorCode, errorCodeOf } from '../wire/kafka-error.js';
import type { Claim } from './transactions.js';

const limits = {
  segmentBytes: 10_000,
  retentionBytes: 1e9,
  retentionMs: 1e12,
  maxBatchBytes: 1_000,
  maxPartitions: 10,
  defaultPartitions: 2,
};
const OFFSET = { topic: 'orders', partition: 0, offset: 7, metadata: null };

let root: string;
let clock: ManualClock;
let brokers: Broker[];

function openBroker(dataDir = join(root, 'data')): Broker {
  const broker = new Broker({ dataDir, limits, logger: silent, now: clock.now });
  brokers.push(broker);
  return broker;
}

/** What kill -9 would leave: the files as they are now. */
function afterKill(): Broker {
  const copy = mkdtempSync(join(root, 'killed-'));
  cpSync(join(root, 'data'), copy, { recursive: true });
  return openBroker(copy);
}

/** One record in each partition and an offset, not ended yet. */
function work(broker: Broker, timeoutMs = 60_000): Claim {
  const claim = broker.transactions.begin('tx', timeoutMs);
  for (const partition of [0, 1]) {
    broker.transactions.addPartition(claim, 'orders', partition);
    broker.topics.partition('orders', partition).append(batch(claim));
  }
  broker.transactions.addOffsets(claim, 'readers', [OFFSET]);
  return claim;
}

const batch = ({ producerId, epoch }: Claim, sequence = 0): Buffer =>
  recordBatch(['value'], { producerId, epoch, sequence, transactional: true });

const stableOffsets = (broker: Broker): number[] =>
  [0, 1].map((partition) => broker.topics.partition('orders', partition).stableOffset);

const committed = (broker: Broker): number | undefined => broker.offsets.find('readers', 'orders', 0)?.offset;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'transactions-'));
  clock = new ManualClock();
  brokers = [];
});
afterEach(() => {
  for (const broker of brokers) broker.close();
  rmSync(root, { recursive: true, force: true });
});

describe('a transaction', () => {
  it.each([
    [true, 7],
    [false, undefined],
  ])('shows all or nothing (commit: %s), and says the same when asked again', (commit, offset) => {
    const broker = openBroker();
    broker.topics.create('orders');
    const claim = work(broker);
    expect([stableOffsets(broker), committed(broker)]).toEqual([[0, 0], undefined]);
    broker.transactions.end(claim, commit);
    broker.transactions.end(claim, commit);
    expect([stableOffsets(broker), committed(broker)]).toEqual([[2, 2], offset]);
    expect(errorCodeOf(() => broker.transactions.end(claim, !commit))).toBe(ErrorCode.INVALID_TXN_STATE);
  });

  it('that is open survives kill -9 and can still be committed', () => {
    const broker = openBroker();
    broker.topics.create('orders');
    const claim = work(broker);
    const again = afterKill();
    expect([stableOffsets(again), committed(again)]).toEqual([[0, 0], undefined]);
    again.topics.partition('orders', 0).append(batch(claim, 1));
    again.transactions.end(claim, true);
    expect([stableOffsets(again), committed(again)]).toEqual([[3, 2], 7]);
  });

  it('whose commit was decided before kill -9 is committed by the restart, everywhere', () => {
    const broker = openBroker();
    broker.topics.create('orders');
    const claim = work(broker);
    const second = broker.topics.partition('orders', 1);
    jest.spyOn(second, 'endTransaction').mockImplementation(() => {
      throw new Error('killed here');
    });
    expect(() => broker.transactions.end(claim, true)).toThrow('killed here');
    expect([stableOffsets(broker), committed(broker)]).toEqual([[2, 0], undefined]);
    const again = afterKill();
    expect([stableOffsets(again), committed(again)]).toEqual([[2, 2], 7]);
  });

  it('that outlives its timeout is aborted and its producer refused', () => {
    const broker = openBroker();
    broker.topics.create('orders');
    const claim = work(broker, 5_000);
    clock.advance(4_999);
    broker.tick();
    expect(stableOffsets(broker)).toEqual([0, 0]);
    clock.advance(1);
    broker.tick();
    expect([stableOffsets(broker), committed(broker)]).toEqual([[2, 2], undefined]);
    expect(errorCodeOf(() => broker.transactions.end(claim, true))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
  });

  it('of a predecessor is aborted when a new producer takes the id over', () => {
    const broker = openBroker();
    broker.topics.create('orders');
    const old = work(broker);
    const fresh = broker.transactions.begin('tx', 60_000);
    expect(fresh.producerId).toBe(old.producerId);
    expect(fresh.epoch).toBeGreaterThan(old.epoch);
    expect([stableOffsets(broker), committed(broker)]).toEqual([[2, 2], undefined]);
    const late = () => broker.transactions.checkProduce(old, 'orders', 0);
    expect(errorCodeOf(late)).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
  });

  it('takes records only for partitions that were added to it', () => {
    const broker = openBroker();
    broker.topics.create('orders');
    const claim = broker.transactions.begin('tx', 60_000);
    const produce = () => broker.transactions.checkProduce(claim, 'orders', 0);
    expect(errorCodeOf(produce)).toBe(ErrorCode.INVALID_TXN_STATE);
    broker.transactions.addPartition(claim, 'orders', 0);
    expect(errorCodeOf(produce)).toBe(ErrorCode.NONE);
    const nowhere = () => broker.transactions.addPartition(claim, 'nowhere', 0);
    expect(errorCodeOf(nowhere)).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });
});

describe('producer ids', () => {
  it('are never given twice, also after kill -9', () => {
    const broker = openBroker();
    const before = [broker.producerIds.take(), broker.producerIds.take()];
    const again = afterKill();
    const all = [...before, again.producerIds.take(), again.producerIds.take()];
    expect(new Set(all).size).toBe(4);
  });
});
