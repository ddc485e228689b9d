import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { containers, deployment, whole } from './deployment.js';

const MOST_MIB = 2048;
/** After the start and the last story: garbage is collected, nothing but heartbeats and healthchecks goes on. */
const REST_MS = 30_000;

interface Usage {
  readonly name: string;
  readonly usedMib: number;
  readonly limitMib: number;
}

describe('memory at rest', () => {
  it('is within limits that add up to less than 2 GB', async () => {
    await whole(60_000);
    await sleep(REST_MS);
    const rows = await usage();
    const sum = (of: (row: Usage) => number) => rows.reduce((total, row) => total + of(row), 0);
    const lines = rows.map(
      ({ name, usedMib, limitMib }) => `${name.padEnd(16)} ${usedMib.toFixed(0).padStart(5)} of ${limitMib} MiB`,
    );
    console.log(
      [
        ...lines,
        `${'sum'.padEnd(16)} ${sum(({ usedMib }) => usedMib)
          .toFixed(0)
          .padStart(5)} of ${sum(({ limitMib }) => limitMib)} MiB`,
      ].join('\n'),
    );
    expect(sum(({ limitMib }) => limitMib)).toBeLessThan(MOST_MIB);
    expect(rows.filter(({ usedMib, limitMib }) => limitMib === 0 || usedMib > 0.9 * limitMib)).toEqual([]);
  });
});

async function usage(): Promise<readonly Usage[]> {
  const { compose } = deployment;
  const all = await containers();
  const ids = all.map(({ ID }) => ID);
  const limits = await compose.run(['docker', 'inspect', '--format', '{{.HostConfig.Memory}}', ...ids]);
  const stats = await compose.run(['docker', 'stats', '--no-stream', '--format', '{{.ID}} {{.MemUsage}}', ...ids]);
  return all.map(({ ID, Name }, index) => ({
    name: Name.replace(/^.*?-check-\d+-/, ''),
    usedMib: mebibytes(stats.split('\n').find((line) => line.startsWith(ID.slice(0, 12))) ?? ''),
    limitMib: Number(limits.split('\n')[index]) / 1024 ** 2,
  }));
}

/** Of a line such as `0123456789ab 98.5MiB / 144MiB`. */
function mebibytes(line: string): number {
  const [, amount, unit = ''] = /^\S+ ([\d.]+)([KMG]iB)/.exec(line) ?? [];
  return Number(amount) * ({ KiB: 1 / 1024, MiB: 1, GiB: 1024 }[unit] ?? NaN);
}
