import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FileProblem, parseConfigFile, readConfigFile } from './read-config-file.js';
import { duration, size } from './units.js';

const schema = z.strictObject({
  wait: duration.optional(),
  room: size.optional(),
  names: z.array(z.string()).optional(),
  level: z.enum(['low', 'high']).optional(),
  retries: z.union([z.literal(false), z.strictObject({ most: z.int(), wait: duration.optional() })]).optional(),
  rules: z.record(z.string().regex(/^\w+$/, 'no name'), z.int()).optional(),
});

const problemWith = (text: string): string => {
  try {
    parseConfigFile(schema, text, 'x.yaml');
  } catch (error) {
    if (error instanceof FileProblem) return error.message;
  }
  return 'none';
};

describe('a configuration file', () => {
  it('is YAML or JSON, and may be empty', () => {
    const expected = { wait: 2_000, room: 524_288 };
    expect(parseConfigFile(schema, 'wait: 2s\nroom: 512KiB\n', 'x.yaml')).toEqual(expected);
    expect(parseConfigFile(schema, '{"wait": 2000, "room": 524288}', 'x.json')).toEqual(expected);
    expect(parseConfigFile(schema, '', 'x.yaml')).toEqual({});
  });

  it('that is bad names every line, place and reason', () => {
    expect(problemWith('room: 1MB\nnames:\n  - a\n  - 7\n')).toBe(
      'x.yaml:1 room: no size: write it as 512KiB or 1MiB\n' +
        'x.yaml:4 names.1: expected text, and YAML reads this as a number: put it in quotes',
    );
    expect(problemWith('wait: 0s')).toBe('x.yaml:1 wait: a duration is longer than nothing');
  });

  it.each([
    ['wait: 1s\ncolour: red', 'x.yaml:2 colour: no such key; possible here: level, names, retries, room, rules, wait'],
    ['- a', 'x.yaml expected keys with values, not a list'],
    ['names: all', 'x.yaml:1 names: expected a list, not text'],
    ['names:', 'x.yaml:1 names: expected a list, not nothing'],
    ['level: 3', 'x.yaml:1 level: expected one of low, high'],
    ['room: 1.5', 'x.yaml:1 room: a size is a whole number of bytes'],
    ['retries:\n  wait: 2s\n', 'x.yaml:1 retries.most: is missing'],
    ['retries:\n  most: 3\n  wait: long\n', 'x.yaml:3 retries.wait: no duration: write it as 250ms, 2s or 1m'],
    ['retries: true', 'x.yaml:1 retries: expected false; or expected keys with values, not true or false'],
    ['rules:\n  "a b": 1\n', 'x.yaml:2 rules.a b: no name'],
  ])('that is %j says what is wrong where', (text, problem) => {
    expect(problemWith(text)).toBe(problem);
  });

  it('tells of two places that do not go together with both lines', () => {
    const twice = schema.check(({ value, issues }) => {
      const at = value.names?.indexOf('a', value.names.indexOf('a') + 1) ?? -1;
      if (at < 0) return;
      const params = { see: ['names', value.names?.indexOf('a')] };
      issues.push({ code: 'custom', message: 'stands there twice', path: ['names', at], params, input: value });
    });
    expect(() => parseConfigFile(twice, 'names:\n  - a\n  - b\n  - a\n', 'x.yaml')).toThrow(
      'x.yaml:4 names.2: stands there twice (see line 2)',
    );
  });

  it('that is no YAML names line and column, and a key may stand there once', () => {
    expect(problemWith('names: [a\n')).toMatch(/^x\.yaml:\d+:\d+ is no YAML: /);
    expect(problemWith('wait: 1s\nwait: 2s\n')).toMatch(/^x\.yaml:2:1 is no YAML: .*unique/);
    expect(problemWith('names: *b')).toMatch(/^x\.yaml has aliases that cannot be resolved: .*: b$/);
  });

  it('whose aliases unfold without end is refused', () => {
    const tenfold = (name: string, of: string) => `${name}: &${name} [${`*${of}, `.repeat(10)}]\n`;
    const bomb = `a: &a [1]\n${tenfold('b', 'a')}${tenfold('c', 'b')}${tenfold('d', 'c')}`;
    expect(problemWith(bomb)).toMatch(/has aliases that cannot be resolved: Excessive alias count/);
  });

  it('that is not there is a problem with its name', () => {
    expect(() => readConfigFile(schema, '/nowhere/x.yaml')).toThrow(/^\/nowhere\/x\.yaml cannot be read/);
  });
});
