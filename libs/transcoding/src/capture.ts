import type { PathTemplate } from './path-template.js';

const NOTHING: readonly string[] = [];

/** The values of the template's variables in their order, still percent-encoded, from a path that matches it. */
export function capture({ variables, verb }: PathTemplate, path: string): readonly string[] {
  if (variables.length === 0) return NOTHING;
  const end = verb === '' ? path.length : path.lastIndexOf(':');
  const captures: string[] = [];
  let at = 1;
  let segment = 0;
  for (const { from, to } of variables) {
    for (; segment < from; segment += 1) at = nextSegment(path, at, end);
    const start = at;
    if (to === undefined) captures.push(path.slice(start, end));
    else {
      for (; segment < to; segment += 1) at = nextSegment(path, at, end);
      captures.push(path.slice(start, at - 1));
    }
  }
  return captures;
}

function nextSegment(path: string, at: number, end: number): number {
  const slash = path.indexOf('/', at);
  return slash < 0 ? end + 1 : slash + 1;
}
