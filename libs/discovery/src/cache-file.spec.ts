import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CacheFile } from './cache-file.js';

describe('the cache file', () => {
  let folder: string;
  let path: string;
  let warnings: string[];
  let epoch: string;
  let written: number;
  beforeEach(() => {
    jest.useFakeTimers();
    folder = mkdtempSync(join(tmpdir(), 'trellis-cache-'));
    path = join(folder, 'deeper', 'blog.json');
    warnings = [];
    epoch = 'e1';
    written = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  const open = () =>
    new CacheFile({
      path,
      logger: { info: () => undefined, warn: (_, text) => void warnings.push(text), error: () => undefined },
      list: () => {
        written += 1;
        return { epoch, instances: [], contracts: [] };
      },
    });
  const onDisk = () => (JSON.parse(readFileSync(path, 'utf8')) as { epoch: string }).epoch;

  it('is written once for a burst of changes, for its owner alone, and leaves no draft', () => {
    const file = open();
    for (epoch of ['e1', 'e2', 'e3']) file.changed();
    jest.advanceTimersByTime(1_000);
    expect([onDisk(), written]).toEqual(['e3', 1]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['blog.json']);
    jest.advanceTimersByTime(60_000);
    expect(written).toBe(1);
    expect(open().read(Date.now())?.epoch).toBe('e3');
  });

  it('is written at the end, if it is behind', () => {
    const file = open();
    file.close();
    expect(written).toBe(0);
    file.changed();
    file.close();
    expect([onDisk(), written]).toEqual(['e1', 1]);
    jest.advanceTimersByTime(60_000);
    expect(written).toBe(1);
  });

  it('is ignored when it is not there, and with a word when it is of no use', () => {
    expect([open().read(0), warnings]).toEqual([undefined, []]);
    mkdirSync(join(folder, 'deeper'));
    writeFileSync(path, '{"version": 1, "instan');
    expect(open().read(0)).toBeUndefined();
    expect(warnings).toEqual(['the list of instances on the disk is not usable: goes on without it']);
  });

  it('that cannot be written is said once, and tried again with the next change', () => {
    writeFileSync(join(folder, 'deeper'), 'a file where the folder should be');
    const file = open();
    for (let change = 0; change < 3; change++) {
      file.changed();
      jest.advanceTimersByTime(60_000);
    }
    expect(warnings).toEqual(['the list of instances cannot be kept on the disk']);
    rmSync(join(folder, 'deeper'));
    file.changed();
    jest.advanceTimersByTime(60_000);
    expect(onDisk()).toBe('e1');
  });
});
