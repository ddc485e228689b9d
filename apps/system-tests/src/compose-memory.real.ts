import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { ask, containers, deployment, whole } from './deployment.js';

const MOST_MIB = 2048;
/** After the start and the last story: garbage is collected, nothing but heartbeats and healthchecks goes on. */
const REST_MS = 30_000;

/** Whose passwords are hashed, so many at a time: more than all threads of both instances. */
const PEOPLE = 120;
const AT_A_TIME = 12;

interface Usage {
  readonly name: string;
  readonly usedMib: number;
  readonly limitMib: number;
}

describe('memory', () => {
  it('suffices for as many passwords at once as may be', async () => {
    await whole(60_000);
    const before = await ends();
    const statuses: number[] = [];
    for (let people = 0; people < PEOPLE; people += AT_A_TIME) {
      const answers = await Promise.all(Array.from({ length: AT_A_TIME }, register));
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(await ends()).toEqual(before);
  });

  it('at rest is within limits that add up to less than 2 GB', async () => {
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

function register() {
  const [username, password] = [`many-${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
  return ask('/v1/users', { method: 'POST', body: { username, password, email: `${username}@example.org` } });
}

/** How often each container has ended: the kernel ends one that needs more than its limit. */
async function ends(): Promise<string> {
  const ids = (await containers()).map(({ ID }) => ID);
  return deployment.compose.run(['docker', 'inspect', '--format', '{{.Name}} {{.RestartCount}}', ...ids]);
}

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
