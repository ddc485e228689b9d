import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { entryOf, inheritedEnv } from '@trellis/launch';

interface Row {
  readonly case: string;
  readonly subject: string;
  readonly metric: string;
  readonly value: number;
}

describe('npm run bench -- gateway --quick', () => {
  let rows: readonly Row[] = [];
  const values = (metric: string): Record<string, number> =>
    Object.fromEntries(
      rows.filter((row) => row.metric === metric).map((row) => [`${row.case} ${row.subject}`, row.value]),
    );

  beforeAll(async () => {
    const out = mkdtempSync(join(tmpdir(), 'trellis-'));
    const args = ['gateway', '--quick', '--only', 'trellis,trellis-sampled,nestjs', '--out', out];
    await promisify(execFile)(process.execPath, [entryOf('tools/bench'), ...args], { env: inheritedEnv() });
    ({ rows } = JSON.parse(readFileSync(join(out, 'gateway.json'), 'utf8')) as { rows: readonly Row[] });
    rmSync(out, { recursive: true });
  });

  it('gives each figure of each subject in each case', () => {
    const subjects = [
      'rest-grpc trellis',
      'rest-grpc trellis-sampled',
      'rest-grpc nestjs',
      'http-http trellis',
      'http-http nestjs',
    ];
    expect(Object.keys(values('cpu'))).toEqual([...subjects, 'routes-1 trellis', 'routes-1000 trellis']);
    expect(Object.keys(values('p50'))).toEqual(subjects);
    expect(Object.keys(values('p99'))).toEqual(subjects);
    for (const { metric, value } of rows)
      expect(value).toBeGreaterThanOrEqual(metric === 'errors' ? 0 : Number.MIN_VALUE);
  });

  it('sees no wrong answer', () => {
    expect(new Set(Object.values(values('errors')))).toEqual(new Set([0]));
  });
});
