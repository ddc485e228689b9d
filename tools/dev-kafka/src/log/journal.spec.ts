import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Journal } from './journal.js';
import { OpenFiles } from './open-files.js';

interface Entry {
  readonly key: string;
  readonly value: number;
}

let folder: string;
let files: OpenFiles;

/** A map that lives in the journal. */
function openMap(path = join(folder, 'journal'), minBytes?: number) {
  const map = new Map<string, number>();
  const snapshot = () => [...map].map(([key, value]) => ({ key, value }));
  const journal = new Journal<Entry>(path, files, snapshot, minBytes);
  const cutOff = journal.replay(({ key, value }) => map.set(key, value));
  const set = (key: string, value: number): void => {
    journal.append({ key, value });
    map.set(key, value);
  };
  return { map, set, journal, cutOff };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  files = new OpenFiles(4);
});
afterEach(() => {
  files.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

describe('the state journal', () => {
  it('brings back what was appended, with the last word on each thing', () => {
    const { set } = openMap();
    set('a', 1);
    set('ü', 2);
    set('a', 3);
    expect([...openMap().map]).toEqual([
      ['a', 3],
      ['ü', 2],
    ]);
  });

  it('drops a torn entry and nothing before it, wherever kill -9 tore it', () => {
    const { set } = openMap();
    set('a', 1);
    const first = statSync(join(folder, 'journal')).size;
    set('b', 2);
    const content = readFileSync(join(folder, 'journal'));
    for (let cut = first; cut < content.length; cut++) {
      const path = join(folder, `cut-${cut}`);
      writeFileSync(path, content.subarray(0, cut));
      const torn = openMap(path);
      expect([...torn.map.keys()]).toEqual(['a']);
      expect(torn.cutOff).toBe(cut - first);
      torn.set('c', 3);
      expect([...openMap(path).map.keys()]).toEqual(['a', 'c']);
    }
  });

  it('stays as large as what it says, not as its history', () => {
    const path = join(folder, 'journal');
    const { set, journal } = openMap(path, 1_000);
    for (let value = 0; value < 2_000; value++) {
      set(`key ${value % 5}`, value);
      journal.compactIfLarge();
    }
    expect(statSync(path).size).toBeLessThan(1_100);
    expect([...openMap(path).map.values()].sort()).toEqual([1995, 1996, 1997, 1998, 1999]);
  });
});
