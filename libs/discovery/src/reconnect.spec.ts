import { describe, expect, it } from '@jest/globals';
import { type ServiceError, unauthenticated, unavailable } from '@trellis/errors';
import { type Outcome, reconnect } from './reconnect.js';

/** Runs through the outcomes with no pause between them; the last one stops the loop. */
async function run(outcomes: readonly Outcome[]) {
  const lines: string[] = [];
  const note = (level: string) => (_facts: object, message: string) => void lines.push(`${level}: ${message}`);
  const stop = new AbortController();
  let attempts = 0;
  await reconnect({
    purpose: 'watch',
    connect: async () => {
      const outcome = outcomes[attempts++];
      if (attempts === outcomes.length) stop.abort();
      return outcome ?? { established: false };
    },
    signal: stop.signal,
    logger: { info: note('info'), warn: note('warn'), error: note('error') },
    random: () => 0,
  });
  return { attempts, lines };
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
