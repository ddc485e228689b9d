/** A content coding that we can make. */
export type Coding = 'zstd' | 'br' | 'gzip';

/** What a client takes: a coding, the body as it is, or the coding only, because it refuses the body as it is. */
export interface Wanted {
  /** The best of those that we can make; undefined when it takes none, or would rather have the body as it is. */
  readonly coding: Coding | undefined;
  /** Whether it refuses a body without any coding. */
  readonly notPlain: boolean;
}

/** RFC 9110, section 12.4.2: a weight has at most three digits after the point. */
const ELEMENT = /^([\w!#$%&'*+.^`|~-]+)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i;

/**
 * What an Accept-Encoding asks for (RFC 9110, section 12.5.3). Of equal weights the first of `offered` wins. Without the
 * header anything would do: it is taken for a client that knows none of this.
 */
export function wantedCoding(header: string | undefined, offered: readonly Coding[]): Wanted {
  const weights = weightsOf(header ?? '');
  const rest = weights.get('*');
  const plain = weights.get('identity') ?? (rest === 0 ? 0 : undefined);
  let coding: Coding | undefined;
  let best = plain ?? 0; // one that is not named is worth less than any that is
  for (const each of offered) {
    const weight = weights.get(each) ?? rest ?? 0;
    if (weight > best || (weight > 0 && weight === best && coding === undefined)) {
      coding = each;
      best = weight;
    }
  }
  return { coding, notPlain: plain === 0 };
}

/** By name in lower case. What cannot be read is left out. */
function weightsOf(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const element of header.split(',')) {
    const [, name, weight = '1'] = ELEMENT.exec(element.trim()) ?? [];
    if (name === undefined) continue;
    const lower = name.toLowerCase();
    weights.set(lower === 'x-gzip' ? 'gzip' : lower, Number(weight));
  }
  return weights;
}
