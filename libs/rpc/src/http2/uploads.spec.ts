import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConnectionError, FIRST_WINDOW, LARGEST_WINDOW } from './frame.js';
import { Uploads } from './uploads.js';

/** Stands in for the connection: notes what is sent, and how much the socket has not taken. */
class Sent {
  waiting = 0;
  readonly bytes = new Map<number, number>();
  total = 0;

  data(stream: number, _body: Buffer, from: number, to: number): void {
    expect(this.bytes.get(stream) ?? 0).toBe(from);
    this.bytes.set(stream, to);
    this.total += to - from;
  }
}

let sent: Sent;
let uploads: Uploads;
beforeEach(() => {
  sent = new Sent();
  uploads = new Uploads(sent);
});

const FIRST = fc.record({ kind: fc.constant('first' as const), bytes: fc.nat(200_000) });
const WIDEN = fc.record({
  kind: fc.constant('widen' as const),
  stream: fc.nat(4),
  bytes: fc.integer({ min: 1, max: 90_000 }),
});
const START = fc.record({ kind: fc.constant('start' as const), bytes: fc.integer({ min: 1, max: 150_000 }) });

describe('bodies', () => {
  it('never go beyond a window, whatever the peer changes, and all that has room is sent', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(FIRST, WIDEN, START), { maxLength: 40 }), (steps) => {
        sent = new Sent();
        uploads = new Uploads(sent);
        let connection = FIRST_WINDOW;
        let first = FIRST_WINDOW;
        const streams: { length: number; widened: number }[] = [];
        const bytesOf = (i: number) => sent.bytes.get(2 * i + 1) ?? 0;
        for (const step of steps) {
          if (step.kind === 'first') uploads.firstWindow((first = step.bytes));
          if (step.kind === 'start') {
            streams.push({ length: step.bytes, widened: 0 });
            uploads.start(2 * streams.length - 1, Buffer.alloc(step.bytes));
          }
          if (step.kind === 'widen') {
            const stream = streams[step.stream - 1];
            if (step.stream === 0) connection += step.bytes;
            else if (stream && bytesOf(step.stream - 1) < stream.length) stream.widened += step.bytes;
            else continue;
            uploads.widen(step.stream === 0 ? 0 : 2 * step.stream - 1, step.bytes);
          }
          expect(sent.total).toBeLessThanOrEqual(connection);
          const waiting = streams.filter(({ length, widened }, i) => bytesOf(i) < Math.min(length, first + widened));
          expect(waiting.length === 0 || sent.total === connection).toBe(true);
        }
      }),
    );
  });

  it('wait while the socket does not get rid of what it has', () => {
    sent.waiting = 1_000_000;
    const upload = uploads.start(1, Buffer.alloc(10));
    expect(sent.total).toBe(0);
    sent.waiting = 0;
    uploads.resume();
    expect(upload.done).toBe(true);
  });

  it.each([0, 1])('of stream %i cannot have a window beyond all bounds', (stream) => {
    sent.waiting = 1_000_000; // nothing leaves, so that both windows are still what they were at first
    uploads.start(1, Buffer.alloc(100_000));
    expect(() => uploads.widen(stream, LARGEST_WINDOW)).toThrow(ConnectionError);
  });
});
