import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const module = join(import.meta.dirname, '../build-stamp.mjs');

describe('the stamp of a build', () => {
  let root: string;
  /** Runs an expression with the module as `stamp`; plain JavaScript, as it works before anything is built. */
  const run = (expression: string): unknown => {
    const program = `
      const stamp = await import(${JSON.stringify(module)});
      const root = ${JSON.stringify(root)};
      console.log(JSON.stringify((${expression}) ?? null));`;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
  };
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trellis-stamp-'));
    for (const folder of ['apps/a/src/gen', 'apps/a/dist', 'libs', 'tools']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    const files = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'nx.json', 'buf.yaml', 'buf.gen.yaml'];
    for (const file of [...files, 'apps/a/src/a.ts', 'apps/a/src/gen/g.ts', 'apps/a/dist/a.tsbuildinfo'])
      write(file, '');
    run('stamp.stampBuild(root, stamp.sourcesOf(root))');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('holds while nothing changes, whatever is in dist beside the build’s own record', () => {
    write('apps/a/dist/a.js', 'x');
    expect(run('stamp.isUpToDate(root)')).toBe(true);
  });

  it.each(['apps/a/src/a.ts', 'apps/a/src/new.ts', 'apps/a/src/gen/g.ts', 'package-lock.json'])(
    'does not hold when %s is written',
    (path) => {
      write(path, 'changed');
      expect(run('stamp.isUpToDate(root)')).toBe(false);
    },
  );

  it.each(['apps/a/src/a.ts', 'apps/a/src/gen', 'apps/a/dist'])('does not hold when %s is deleted', (path) => {
    rmSync(join(root, path), { recursive: true });
    expect(run('stamp.isUpToDate(root)')).toBe(false);
  });

  it('does not hold for what was edited while the build ran', () => {
    const before = run('stamp.sourcesOf(root)');
    write('apps/a/src/a.ts', 'edited');
    run(`stamp.stampBuild(root, ${JSON.stringify(before)})`);
    expect(run('stamp.isUpToDate(root)')).toBe(false);
  });
});
