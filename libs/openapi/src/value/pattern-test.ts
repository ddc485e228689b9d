import { LONGEST_EXAMPLE } from './matching-text.js';

/**
 * A test of whether an expression matches, for texts so short that it ends soon: the expression is a stranger's, and one
 * such as `^(a+)+$` takes time that doubles with each character. Texts that are longer than is safe do not pass.
 */
export function patternTest(pattern: string): (text: string) => boolean {
  const longest = longestFor(pattern);
  const expression = new RegExp(pattern, 'u');
  return (text) => text.length <= longest && expression.test(text);
}

/** So chosen that the worst expression takes some 100,000 steps: `a*a*a*a*b` grows with the power, `(a*a*)+` exponentially. */
function longestFor(pattern: string): number {
  const repetitions = pattern.match(/[*+?]|\{\d/g)?.length ?? 0;
  if (/\)[*+?{]/.test(pattern)) return repetitions <= 3 ? 8 : 0;
  if (repetitions <= 2) return LONGEST_EXAMPLE;
  return repetitions <= 8 ? 12 : 0;
}
