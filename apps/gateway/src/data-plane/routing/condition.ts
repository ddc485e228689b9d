import type { FileRoute } from '../../file/file-route.js';
import type { ValueTest } from '../../file/kinds.js';
import type { Condition } from './route.js';

/** The conditions of a file's route on headers and on the query. */
export function conditionsOf({ headers = {}, query = {} }: Pick<FileRoute, 'headers' | 'query'>): Condition[] {
  return [
    ...Object.entries(headers).map(([name, test]) => headerCondition(name, test)),
    ...Object.entries(query).map(([name, test]) => queryCondition(name, test)),
  ];
}

function headerCondition(name: string, test: ValueTest): Condition {
  const { words, holds } = tested(test);
  return {
    text: `header ${name} ${words}`,
    fits: ({ request }) => {
      const value = request.headers[name];
      return holds(Array.isArray(value) ? value[0] : value);
    },
  };
}

function queryCondition(name: string, test: ValueTest): Condition {
  const { words, holds } = tested(test);
  return {
    text: `parameter ${name} ${words}`,
    fits: ({ query }) => holds(new URLSearchParams(query).get(name) ?? undefined),
  };
}

interface Tested {
  readonly words: string;
  readonly holds: (value: string | undefined) => boolean;
}

function tested(test: ValueTest): Tested {
  if (typeof test === 'string') return { words: `is ${JSON.stringify(test)}`, holds: (value) => value === test };
  const { like, oneOf, present } = test;
  if (like !== undefined) {
    const fits = likeness(like);
    return { words: `is like ${JSON.stringify(like)}`, holds: (value) => value !== undefined && fits(value) };
  }
  if (oneOf) {
    const values: ReadonlySet<string | undefined> = new Set(oneOf);
    return {
      words: `is one of ${oneOf.map((each) => JSON.stringify(each)).join(', ')}`,
      holds: (value) => values.has(value),
    };
  }
  return {
    words: present ? 'is there' : 'is not there',
    holds: (value) => (value !== undefined) === present,
  };
}

/**
 * Whether a whole text is like a pattern whose `*` stand for any characters. The parts between them are looked for from left
 * to right, and what was found is never looked for again: unlike a regular expression it cannot be made slow.
 */
export function likeness(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const atLeast = pattern.length - rest.length - 1;
  return (text) => {
    if (text.length < atLeast || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= end;
  };
}
