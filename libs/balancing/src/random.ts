import { Draw } from './draw.js';
import type { Candidate } from './endpoint.js';
import type { Picker, Random, Strategy } from './strategy.js';

/** Anyone, each as likely as the other. Keeps no place: thousands of callers never fall into step. */
export const random = (): Strategy => ({
  picker<T extends Candidate>(source: Random): Picker<T> {
    const draw = new Draw<T>(source, false);
    return { prepare: (endpoints) => draw.prepare(endpoints), pick: () => draw.one() };
  },
});
