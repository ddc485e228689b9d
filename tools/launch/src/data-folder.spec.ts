import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, ownFolder } from './data-folder.js';

describe('the data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the wanted one, made with all that is missing above it', () => {
    const path = join(folder, 'a/b/data');
    expect(dataFolder(path)).toEqual({ path, elsewhere: false });
    expect(readdirSync(path)).toEqual([]);
  });

  it('is a folder of this user alone, always the same, where the wanted one cannot be written', () => {
    const wanted = join(folder, 'theirs');
    const path = ownFolder(wanted);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(ownFolder(wanted)).toBe(path);
    chmodSync(path, 0o777);
    expect(() => ownFolder(wanted)).toThrow('is open to others');
    rmSync(path, { recursive: true });
  });
});
