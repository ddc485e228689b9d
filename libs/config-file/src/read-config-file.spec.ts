import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { FileProblem, parseConfigFile, readConfigFile } from './read-config-file.js';
import { duration, size } from './units.js';

const schema = z.strictObject({
  wait: duration.optional(),
  room: size.optional(),
  names: z.array(z.string()).optional(),
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
        'x.yaml:4 names.1: Invalid input: expected string, received number',
    );
    expect(problemWith('wait: 0s')).toBe('x.yaml:1 wait: a duration is longer than nothing');
    expect(problemWith('colour: red')).toMatch(/^x\.yaml the file: Unrecognized key: "colour"$/);
  });

  it('that is no YAML names line and column, and a key may stand there once', () => {
    expect(problemWith('names: [a\n')).toMatch(/^x\.yaml:\d+:\d+ is no YAML: /);
    expect(problemWith('wait: 1s\nwait: 2s\n')).toMatch(/^x\.yaml:2:1 is no YAML: .*unique/);
  });

  it('that is not there is a problem with its name', () => {
    expect(() => readConfigFile(schema, '/nowhere/x.yaml')).toThrow(/^\/nowhere\/x\.yaml cannot be read/);
  });
});
