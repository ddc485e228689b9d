import type { Routable } from '@trellis/transcoding';

/** Whether some request would fit both routes, so that one would take calls of the other. */
export function overlap(a: Routable, b: Routable): boolean {
  if (a.httpMethod !== b.httpMethod && a.httpMethod !== '*' && b.httpMethod !== '*') return false;
  if (a.template.verb !== b.template.verb) return false;
  const [left, right] = [a.template.segments, b.template.segments];
  for (let at = 0; ; at += 1) {
    const [one, other] = [left[at], right[at]];
    if (one?.kind === 'rest' || other?.kind === 'rest') return true; // it takes whatever follows, and nothing too
    if (one === undefined || other === undefined) return one === other;
    if (one.kind === 'literal' && other.kind === 'literal' && one.text !== other.text) return false;
  }
}
