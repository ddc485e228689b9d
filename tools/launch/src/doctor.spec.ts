import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Verdict {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly mend?: string;
}
type Facts = Readonly<Record<string, unknown>>;

/** Plain JavaScript, as it speaks where nothing is built. */
const doctor = join(import.meta.dirname, '../doctor');
const { CHECKS } = (await import(join(doctor, 'checks.mjs'))) as {
  CHECKS: Readonly<Record<string, (facts: Facts) => Verdict>>;
};

const GB = 1024 ** 3;
const lock = {
  packages: {
    '': {},
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/only-on-macos': { version: '1.0.0', optional: true },
    'node_modules/@trellis/load': { link: true },
  },
};
const WELL: Facts = {
  ...{ node: '24.11.1', system: 'linux', glibc: '2.36', cores: 2, memory: 8 * GB, disk: 20 * GB },
  ...{ dataFolder: '/checkout/.trellis', writable: true, temporary: { path: '/tmp', writable: true } },
  ...{ lock, installed: { packages: { 'node_modules/zod': { version: '4.0.0' } } }, hasLink: () => true },
  ports: [
    { variable: 'PORT', what: 'the gateway', value: '8080', free: true },
    { variable: 'JAEGER_PORT', what: 'the traces', value: '0', free: true },
  ],
  platform: { others: [] },
  postgres: { works: true, says: 'postgres (PostgreSQL) 18.4', missingLinks: 0, writable: true },
  ...{ root: false, accounts: 'root:x:0:0\nnobody:x:9:9', docker: '29.0.0' },
};
const gateway = (change: object) => ({
  ports: [{ variable: 'PORT', what: 'the gateway', value: '8080', free: true, ...change }],
});
const postgres = (change: object) => ({ postgres: { ...(WELL['postgres'] as object), ...change } });
const installed = (version: string) => ({ installed: { packages: { 'node_modules/zod': { version } } } });

describe('the doctor', () => {
  it('finds nothing on a machine that is well', () => {
    const verdicts = Object.entries(CHECKS).map(([name, check]) => [name, check(WELL)]);
    expect(verdicts).toEqual(verdicts.map(([name]) => [name, { level: 'ok', found: expect.any(String) }]));
  });

  it.each([
    ['an old Node', 'Node', { node: '22.4.0' }, 'fail', /npm ci/],
    ['an old Node on macOS', 'Node', { node: '24.10.0', system: 'darwin' }, 'fail', /install Node/],
    ['another C library', 'system', { glibc: undefined }, 'fail', /Debian/],
    ['Windows', 'system', { system: 'win32' }, 'fail', /WSL/],
    ['one core', 'system', { cores: 1 }, 'warn', /two/],
    ['no packages', 'packages', { installed: undefined }, 'fail', /^npm ci$/],
    ['a package of another version', 'packages', installed('4.0.1'), 'fail', /^npm ci$/],
    ['a package of ours that is not linked', 'packages', { hasLink: () => false }, 'fail', /^npm ci$/],
    ['a broken lock file', 'packages', { lock: undefined }, 'fail', /git checkout/],
    ['little memory', 'memory', { memory: 1.5 * GB }, 'warn', /--replicas/],
    ['no memory', 'memory', { memory: 0.5 * GB }, 'fail', /end something/],
    ['little room', 'disk', { disk: GB }, 'warn', /TRELLIS_DATA_DIR/],
    ['no room', 'disk', { disk: GB / 10 }, 'fail', /TRELLIS_DATA_DIR/],
    ['a folder of somebody else', 'data folder', { writable: false }, 'warn', /\/tmp/],
    ['no temporary folder', 'data folder', { temporary: { path: '/tmp', writable: false } }, 'fail', /TMPDIR/],
    ['a platform that runs', 'platform', { platform: { launcher: { pid: 7 }, others: [] } }, 'fail', /Ctrl-C/],
    ['what one left behind', 'platform', { platform: { others: [{ pid: 8, name: 'blog-1' }] } }, 'warn', /next start/],
    ['a port in use', 'ports', gateway({ free: false }), 'fail', /set PORT in \.env/],
    ['what is no port', 'ports', gateway({ value: 'eighty' }), 'fail', /0 takes a free one/],
    ['no PostgreSQL', 'PostgreSQL', { postgres: undefined }, 'fail', /optional/],
    ['one that lacks a library', 'PostgreSQL', postgres({ works: false, says: 'libicu' }), 'fail', /apt-get/],
    ['links that nobody can make', 'PostgreSQL', postgres({ missingLinks: 3, writable: false }), 'fail', /owner/],
    ['root without another account', 'PostgreSQL', { root: true, accounts: 'root:x:0:0' }, 'fail', /somebody else/],
    ['no Docker', 'Docker', { docker: undefined }, 'warn', /docker compose/],
  ])('says how to mend %s', (_case, name, change, level, mend) => {
    const verdict = CHECKS[name]?.({ ...WELL, ...change });
    expect([verdict?.level, verdict?.mend]).toEqual([level, expect.stringMatching(mend)]);
  });

  it.each([
    [
      'the ports of the platform that runs',
      'ports',
      { ...gateway({ free: false }), platform: { launcher: { pid: 7 } } },
    ],
    ['links that the start will make', 'PostgreSQL', postgres({ missingLinks: 3 })],
    ['root where there is another account', 'PostgreSQL', { root: true }],
  ])('minds nothing about %s', (_case, name, change) => {
    expect(CHECKS[name]?.({ ...WELL, ...change }).level).toBe('ok');
  });

  it('looks at this machine, and tells a line or two for each check', () => {
    const env = { PATH: '/usr/bin:/bin', PORT: '0', JAEGER_PORT: '0', TRELLIS_DATA_DIR: join(doctor, 'none') };
    const said = execFileSync(process.execPath, [join(doctor, 'main.mjs')], { env, encoding: 'utf8' });
    for (const name of Object.keys(CHECKS)) expect(said).toMatch(new RegExp(`^(?:ok  |warn)  ${name}`, 'm'));
    expect(said).toContain('npm start should work.');
  });
});
