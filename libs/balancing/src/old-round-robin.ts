import type { OldCandidate, Picker, Strategy } from './old-strategy.js';

/**
 * One after the other: the first pick is index 0, then +1 mod N. The place in the round outlives the list, or the first
 * candidate would get an extra call with each change.
 */
export function roundRobin(): Strategy {
  let next = 0;
  return {
    picker: <T extends OldCandidate>(candidates: readonly T[]): Picker<T> => ({
      pick(tried) {
        for (let step = 0; step < candidates.length; step++) {
          const index = (next + step) % candidates.length;
          const candidate = candidates[index];
          if (candidate === undefined || wasTried(candidate, tried)) continue;
          next = (index + 1) % candidates.length;
          return candidate;
        }
        return undefined;
      },
    }),
  };
}

function wasTried(candidate: OldCandidate, tried: readonly OldCandidate[]): boolean {
  for (const { id } of tried) if (id === candidate.id) return true;
  return false;
}
