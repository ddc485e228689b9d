import { describe, expect, it } from '@jest/globals';
import { Code, ServiceError, resourceExhausted, unauthenticated, unavailable } from '@trellis/errors';
import { type Outcome, reconnect } from './reconnect.js';

/** Runs through the outcomes, each of `lasting` ms, with the longest pauses and without waiting for them. */
async function run(outcomes: readonly Outcome[], lasting = 0) {
  const lines: string[] = [];
  const pauses: number[] = [];
  const note = (level: string) => (_facts: object, message: string) => void lines.push(`${level}: ${message}`);
  const stop = new AbortController();
  let time = 0;
  let attempts = 0;
  await reconnect({
    purpose: 'watch',
    connect: async () => {
      time += lasting;
      const outcome = outcomes[attempts++];
      if (attempts === outcomes.length) stop.abort();
      return outcome ?? { established: false };
    },
    signal: stop.signal,
    logger: { info: note('info'), warn: note('warn'), error: note('error') },
    random: () => 1,
    now: () => time,
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { attempts, lines, pauses };
}

const away: Outcome = { established: false, error: unavailable('away') };
const lost: Outcome = { established: true, error: unavailable('lost') };

describe('reconnect', () => {
  it('goes on after every failure and logs a loss once', async () => {
    const { attempts, lines } = await run([lost, away, away, away, lost, away, { established: true }]);
    expect(attempts).toBe(7);
    expect(lines).toEqual([
      'warn: registry lost for the watch, trying again',
      'warn: registry lost for the watch, trying again',
    ]);
  });

  it('mends a stream that has worked for a while at once, and takes its time when nobody is there', async () => {
    const { pauses } = await run([lost, away, away, lost, lost, away], 5_000);
    expect(pauses).toEqual([200, 4_000, 4_000, 200, 200]);
  });

  it('does not hurry a registry that drops who comes', async () => {
    const { pauses } = await run([lost, lost, lost, lost], 4_999);
    expect(pauses).toEqual([200, 4_000, 4_000]);
  });

  it('waits as long as a busy registry asks for, and longer after a refusal', async () => {
    const busy = { established: false, error: resourceExhausted('Too many', { retryAfter: 2 }) };
    const taken = { established: true, error: new ServiceError(Code.FAILED_PRECONDITION, 'The route is taken') };
    const { pauses, lines } = await run([busy, taken, away]);
    expect(pauses).toEqual([4_000, 15_000]);
    expect(lines).toContain('error: registry refused the watch');
  });

  it('waits between attempts and stops waiting at the signal', async () => {
    const stop = new AbortController();
    let error: ServiceError | undefined;
    const loop = reconnect({
      purpose: 'announcement',
      connect: async () => {
        setImmediate(() => stop.abort());
        return { established: false, error: unauthenticated('unknown credential') };
      },
      signal: stop.signal,
      logger: {
        info: () => undefined,
        warn: () => undefined,
        error: () => (error = unauthenticated('logged')),
      },
      random: () => 1,
    });
    await loop; // within the test's time, though the pause after a refusal is fifteen seconds
    expect(error?.message).toBe('logged');
  });
});
