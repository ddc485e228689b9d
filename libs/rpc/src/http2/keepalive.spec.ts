import { beforeEach, describe, expect, it } from '@jest/globals';
import { Keepalive, type Look } from './keepalive.js';

let keepalive: Keepalive;
let at: Look;

/** What it says from now on, looked at every 500 ms, with the times in seconds. */
function looks(seconds: number, change: (look: Look) => Partial<Look> = () => ({})): string[] {
  const said: string[] = [];
  for (const end = at.now + seconds * 1_000; at.now < end;) {
    at = { ...at, now: at.now + 500 };
    at = { ...at, ...change(at) };
    const sign = keepalive.look(at);
    if (sign) said.push(`${sign} at ${at.now / 1_000}`);
    if (sign === 'dead') break;
  }
  return said;
}

beforeEach(() => {
  keepalive = new Keepalive();
  at = { now: 0, received: 100, calls: 1, answers: 0 };
});

describe('a peer that', () => {
  it('has frozen is asked after a second and given up two seconds later', () => {
    expect(looks(60)).toEqual(['ask at 1.5', 'dead at 3.5']);
  });

  it('answers now and then is left alone', () => {
    expect(looks(60, ({ received }) => ({ received: received + 10 }))).toEqual([]);
  });

  it('has nothing to do is never asked', () => {
    at = { ...at, calls: 0 };
    expect(looks(60)).toEqual([]);
  });

  it('froze while nothing was to do has its full time once something is', () => {
    at = { ...at, calls: 0 };
    looks(60);
    at = { ...at, calls: 1 };
    expect(looks(60)).toEqual(['ask at 61', 'dead at 63']);
  });

  it('could not be heard, because this process did nothing for a while, is not given up for that', () => {
    expect(looks(2)).toEqual(['ask at 1.5']);
    at = { ...at, now: at.now + 10_000 };
    expect(keepalive.look(at)).toBeUndefined();
    expect(looks(10)).toEqual(['dead at 13.5']); // it still has the rest of its two seconds
  });

  it('thinks for long is asked twice and then rarely: servers hang up on those who ask too often', () => {
    const questions: number[] = [];
    let pong = 0;
    while (at.now < 1_000_000) {
      at = { ...at, now: at.now + 500, received: at.received + pong };
      const sign = keepalive.look(at);
      expect(sign).not.toBe('dead');
      if (sign === 'ask') questions.push(at.now / 1_000);
      pong = sign === 'ask' ? 17 : 0;
    }
    expect(questions.slice(0, 2)).toEqual([1.5, 3]);
    expect(questions.slice(2).map((time, i) => time - (questions[i + 1] ?? 0))).toEqual([300, 300, 300]);
  });

  it('answers calls while another takes long may be asked again and again', () => {
    const questions = looks(100, ({ now, received, answers }) =>
      now % 5_000 === 0
        ? { received: received + 100, answers: answers + 1 }
        : now % 5_000 === 2_000
          ? { received: received + 17 }
          : {},
    );
    expect(questions.length).toBeGreaterThan(10);
    expect(questions.filter((each) => each.startsWith('dead'))).toEqual([]);
  });
});
