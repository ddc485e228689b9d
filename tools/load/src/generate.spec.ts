import { describe, expect, it } from '@jest/globals';
import { type Clock, type Ended, generate } from './generate.js';

/** A clock that moves only when somebody sleeps, and `late` milliseconds further than asked each time. */
function clock(late = 0): Clock {
  let now = 1_000;
  return {
    now: () => now,
    sleep: async (ms) => {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve(); // for what is under way
      now += ms + late;
    },
  };
}

describe('the generator', () => {
  it('sends at its rate although nothing is answered, and waits for the answers', async () => {
    const answers: ((outcome: string) => void)[] = [];
    const ended: Ended[] = [];
    const run = () => new Promise<string>((resolve) => answers.push(resolve));
    const pick = () => ({ name: 'read', run });
    const load = generate({ perSecond: 100, seconds: 0.05, pick, ended: (one) => ended.push(one), clock: clock() });
    while (answers.length < 5) await Promise.resolve();
    expect(ended).toEqual([]);
    for (const answer of answers) answer('ok');
    await load;
    expect(ended.map(({ at, operation, outcome }) => [at, operation, outcome])).toEqual(
      [0, 10, 20, 30, 40].map((at) => [at, 'read', 'ok']),
    );
  });

  it('counts a latency from when the request was due, also when it is late itself', async () => {
    const ended: Ended[] = [];
    const pick = () => ({ name: 'read', run: () => Promise.resolve('ok') });
    await generate({ perSecond: 100, seconds: 0.04, pick, ended: (one) => ended.push(one), clock: clock(25) });
    // It wakes 25 ms late for the second, and sends those that were due meanwhile at once.
    expect(ended.map(({ at, latency }) => [at, latency])).toEqual([
      [0, 0],
      [10, 25],
      [20, 15],
      [30, 5],
    ]);
  });

  it('ends early when it is told to', async () => {
    const enough = new AbortController();
    let sent = 0;
    const run = async () => {
      if (++sent === 3) enough.abort();
      return 'ok';
    };
    const { signal } = enough;
    await generate({
      perSecond: 1,
      seconds: 60,
      pick: () => ({ name: 'x', run }),
      ended: () => undefined,
      signal,
      clock: clock(),
    });
    expect(sent).toBe(3);
  });
});
