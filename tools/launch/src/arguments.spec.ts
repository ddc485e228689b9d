import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parseArguments } from './arguments.js';

describe('the arguments of npm start', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('keep data and replicas as they are unless told otherwise', () => {
    expect(parseArguments([])).toEqual({ fresh: false, replicas: {} });
  });

  it('collect the replicas of several services; the last word on one counts', () => {
    const argv = ['--fresh', '--replicas', 'blog=3', '--replicas', 'user=1', '--replicas', 'blog=10'];
    expect(parseArguments(argv)).toEqual({ fresh: true, replicas: { blog: 10, user: 1 } });
  });

  it.each(['blog', 'blog=', 'blog=x', 'blog=0', 'blog=11', 'blog=-1', 'gateway=2', '=2'])('refuse %s', (value) => {
    expect(() => parseArguments(['--replicas', value])).toThrow('exit 1');
    expect(said.join('')).toMatch(/SERVICE=COUNT with user or blog|1 to 10/);
  });
});
