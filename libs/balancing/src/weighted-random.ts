import { Draw } from './draw.js';
import type { Candidate } from './endpoint.js';
import type { Picker, Random, Strategy } from './strategy.js';

/** Anyone, as likely as its weight is large. */
export const weightedRandom = (): Strategy => ({
  picker<T extends Candidate>(random: Random): Picker<T> {
    const draw = new Draw<T>(random, true);
    return { prepare: (endpoints) => draw.prepare(endpoints), pick: () => draw.one() };
  },
});
