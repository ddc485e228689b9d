/**
 * The expression for readers of JSON Schema (ECMA-262 with the flag `u`, section 6.4 of the draft 2020-12), when it means
 * there what it means to `buf.validate` (RE2, https://github.com/google/re2/wiki/Syntax). Undefined when it does not, or
 * when it cannot be read.
 */
export function portablePattern(pattern: string): string | undefined {
  // Of RE2 alone: flags, \A \z \Q \E \C, POSIX classes, octal, and property names that ECMA-262 has no braces for.
  if (/\(\?(?!P<)[a-zA-Z^-]|\\[AzQEC]|\[\[:|\\0|\\p[^{]/.test(pattern)) return undefined;
  const translated = pattern.replaceAll(/\(\?P</g, '(?<').replaceAll(/\\x\{([0-9a-fA-F]+)\}/g, '\\u{$1}');
  try {
    new RegExp(translated, 'u');
    return translated;
  } catch {
    return undefined;
  }
}
