import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema } from '@trellis/contracts/registry/v1';
import { createLogger } from '@trellis/telemetry';
import type { KeptState } from './kept.js';
import { SnapshotFile } from './snapshot-file.js';

const state = (...ids: string[]): KeptState => ({
  approved: [],
  entries: ids.map((id) => ({
    instance: create(InstanceSchema, { id, service: 'blog' }),
    ...{ lease: 6_000, pending: [], drained: false },
  })),
});

describe('SnapshotFile', () => {
  let folder: string;
  let path: string;
  let lines: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-registry-'));
    path = join(folder, 'below', 'catalogue.json');
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (): SnapshotFile => {
    const logger = createLogger({ name: 'registry', level: 'silent' });
    return new SnapshotFile(path, Object.assign(logger, { error: (_facts: object, line: string) => lines.push(line) }));
  };

  it('is what the next life reads, and nothing else is left beside it', async () => {
    const first = file();
    first.keep(() => state('blog-1', 'blog-2'));
    first.changed();
    await first.close();
    expect(file().read()).toEqual(state('blog-1', 'blog-2'));
    expect(readdirSync(join(folder, 'below'))).toEqual(['catalogue.json']);
  });

  it('is written once for changes that come together', async () => {
    let asked = 0;
    const one = file();
    one.keep(() => (asked++, state()));
    for (let n = 0; n < 100; n += 1) one.changed();
    await one.close();
    expect(asked).toBe(1);
  });

  it('is not touched when nothing has changed', async () => {
    const one = file();
    one.keep(() => state('blog-1'));
    await one.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is damaged is logged, and the registry starts empty', async () => {
    const one = file();
    one.keep(() => state('blog-1'));
    one.changed();
    await one.close();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 50));
    expect(file().read()).toBeUndefined();
    expect(lines).toEqual(['the snapshot cannot be used, the registry starts empty']);
  });

  it('that is a device or a folder is not read', () => {
    path = '/dev/zero';
    expect(file().read()).toBeUndefined();
    path = folder;
    expect(file().read()).toBeUndefined();
    expect(lines).toEqual(Array(2).fill('the snapshot cannot be used, the registry starts empty'));
  });

  it('that cannot be written is logged, and the registry goes on', async () => {
    writeFileSync(join(folder, 'below'), 'a file where a folder should be');
    const one = file();
    one.keep(() => state());
    one.changed();
    await one.close();
    expect(lines).toEqual(['the snapshot could not be written']);
  });

  it('that is not there yet is no trouble', () => {
    expect(file().read()).toBeUndefined();
    expect(lines).toEqual([]);
  });
});
