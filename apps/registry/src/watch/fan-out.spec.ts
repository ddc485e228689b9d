import { beforeEach, describe, expect, it } from '@jest/globals';
import { FanOut } from './fan-out.js';
import type { Watcher } from './watcher.js';

/** A loop that runs what was put off, and a clock that watchers move by the time that they take. */
class Loop {
  time = 0;
  #put: { readonly at: number; readonly run: () => void } | undefined;

  readonly now = (): number => this.time;
  readonly later = (run: () => void, milliseconds: number): (() => void) => {
    this.#put = { at: this.time + milliseconds, run };
    return () => (this.#put = undefined);
  };

  /** Runs the next thing and tells how long it was put off. */
  turn(): number | undefined {
    const put = this.#put;
    if (!put) return undefined;
    const waited = put.at - this.time;
    this.#put = undefined;
    this.time = put.at;
    put.run();
    return waited;
  }
}

describe('FanOut', () => {
  let loop: Loop;
  let fanOut: FanOut;
  let told: number;
  beforeEach(() => {
    loop = new Loop();
    fanOut = new FanOut(loop);
    told = 0;
  });

  const addWatchers = (count: number, cost: number): void => {
    const flush = (): void => {
      told += 1;
      loop.time += cost;
    };
    for (let n = 0; n < count; n += 1) fanOut.add({ flush } as unknown as Watcher);
  };

  it('tells everybody of several changes at once', () => {
    addWatchers(3, 0);
    loop.turn();
    fanOut.changed();
    fanOut.changed();
    expect(loop.turn()).toBe(0);
    expect([told, loop.turn()]).toEqual([6, undefined]);
  });

  it('gives others a turn every four milliseconds', () => {
    addWatchers(40, 1);
    for (let turns = 1; turns <= 10; turns += 1) {
      loop.turn();
      expect(told).toBe(turns * 4);
    }
  });

  it('rests when there is too much to tell, so that it takes 40 % of the time', () => {
    addWatchers(10_000, 1);
    while (told < 10_000) loop.turn();
    expect((told - 100) / loop.time).toBeCloseTo(0.4, 1);
  });

  it('tells nobody who is gone, and nothing when it is stopped', () => {
    addWatchers(1, 0);
    const gone = { flush: () => (told += 100) } as unknown as Watcher;
    fanOut.add(gone);
    fanOut.remove(gone);
    loop.turn();
    fanOut.changed();
    fanOut.stop();
    expect([told, loop.turn()]).toEqual([1, undefined]);
  });
});
