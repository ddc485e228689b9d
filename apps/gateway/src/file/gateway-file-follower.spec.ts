import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/telemetry';
import { eventually } from '@trellis/testing';
import { GatewayFileFollower } from './gateway-file-follower.js';
import type { GatewayFile } from './gateway-file.js';
import { readGatewayFile } from './read-gateway-file.js';

const toService = (service: string): string => `routes: [{ path: /x, service: ${service} }]\n`;
const BAD = 'routes: [{ path: x, service: a }]\nroutez: []\n';

let folder: string;
let path: string;
let follower: GatewayFileFollower | undefined;
/** Services of the routes that were put in force, one after the other. */
let used: unknown[];
let logged: { level: string; msg: string; file: string }[];
let refuses: Error | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-gateway-file-'));
  path = join(folder, 'gateway.yaml');
  used = [];
  logged = [];
  refuses = undefined;
});
afterEach(() => {
  follower?.stop();
  rmSync(folder, { recursive: true });
});

function follow(pollMs?: number): GatewayFileFollower {
  const use = (file: GatewayFile): void => {
    if (refuses) throw refuses;
    used.push(file.routes[0]?.service);
  };
  const write = (line: string) => void logged.push(JSON.parse(line));
  const logger = createLogger({ name: 'gateway', level: 'info' }, { write });
  const read = readGatewayFile(path);
  follower = new GatewayFileFollower({ read, use, logger, now: () => 1_000, ...(pollMs && { pollMs }) });
  follower.start();
  return follower;
}

/** As careful programs write: the file is replaced by a whole one. */
function replace(text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe('a gateway.yaml that changes', () => {
  it.each([
    ['is replaced', replace],
    ['is written over', (text: string) => writeFileSync(path, text)],
    [
      'is removed and written anew, as some editors do',
      (text: string) => {
        unlinkSync(path);
        writeFileSync(path, text);
      },
    ],
  ])('is put in force when it %s', async (_, write) => {
    writeFileSync(path, toService('a'));
    const { state } = follow();
    write(toService('b'));
    await eventually(() => expect(used).toEqual(['b']));
    expect(follower?.state).toMatchObject({ path, loadedAt: 1_000 });
    expect(follower?.state.hash).not.toBe(state.hash);
    expect(logged).toMatchObject([{ level: 'info', file: path, msg: 'the gateway file is in force' }]);
  });

  it('is put in force when Kubernetes turns the link to the folder that it is in', async () => {
    for (const version of ['a', 'b']) {
      mkdirSync(join(folder, `..${version}`));
      writeFileSync(join(folder, `..${version}`, 'gateway.yaml'), toService(version));
    }
    symlinkSync('..a', join(folder, '..data'));
    symlinkSync(join('..data', 'gateway.yaml'), path);
    follow();
    symlinkSync('..b', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await eventually(() => expect(used).toEqual(['b']));
  });

  it('is put in force once for many writes', async () => {
    writeFileSync(path, toService('a'));
    follow();
    for (let each = 0; each < 50; each += 1) writeFileSync(path, toService(`s${each}`));
    await eventually(() => expect(used.at(-1)).toBe('s49'));
    expect(used.length).toBeLessThan(10);
  });

  it('is seen without a word from the file system', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'trellis-elsewhere-'));
    writeFileSync(join(elsewhere, 'real.yaml'), toService('a'));
    symlinkSync(join(elsewhere, 'real.yaml'), path);
    follow(50);
    writeFileSync(join(elsewhere, 'real.yaml'), toService('b'));
    await eventually(() => expect(used).toEqual(['b']));
    rmSync(elsewhere, { recursive: true });
  });

  it('is put in force again when a certificate or a secret that it names is another one', async () => {
    const [secret, ca] = [join(folder, 'secret'), join(folder, 'ca.pem')];
    writeFileSync(secret, 'of sixteen characters');
    writeFileSync(ca, '-----BEGIN CERTIFICATE-----\none\n');
    const tls = `upstreams: { a: { tls: { serverName: a.example, ca: "${ca}" } } }\n`;
    writeFileSync(path, `${toService('a')}tracing: { force: { header: x-trace, secretFile: ${secret} } }\n${tls}`);
    follow(20);
    writeFileSync(ca, '-----BEGIN CERTIFICATE-----\ntwo\n');
    await eventually(() => expect(used).toEqual(['a']));
    writeFileSync(secret, 'of sixteen other characters');
    await eventually(() => expect(used).toEqual(['a', 'a']));
    writeFileSync(secret, 'short');
    await eventually(() => expect(follower?.state.problem?.faults).toEqual([expect.stringContaining('too short')]));
    writeFileSync(secret, 'of sixteen other characters');
    await eventually(() => expect(follower?.state.problem).toBeUndefined());
    expect(used).toEqual(['a', 'a']);
    unlinkSync(ca);
    await eventually(() =>
      expect(follower?.state.problem?.faults).toEqual([expect.stringContaining('cannot be read')]),
    );
  });

  it('changes nothing and is logged once, with every fault, when it is bad', () => {
    writeFileSync(path, toService('a'));
    const { state, look } = bound(follow());
    replace(BAD);
    look();
    look();
    expect([used, state().problem]).toEqual([
      [],
      {
        since: 1_000,
        faults: [
          `${path}:1 routes.0.path: a path begins with "/"`,
          expect.stringContaining(`${path}:2 routez: no such key; possible here: `),
        ],
      },
    ]);
    expect(logged).toMatchObject([
      {
        level: 'error',
        msg: 'the gateway file is refused, the one before stays in force',
        faults: state().problem?.faults,
      },
    ]);
    replace(toService('b'));
    look();
    expect([used, state().problem]).toEqual([['b'], undefined]);
  });

  it('is good again when it is as it was, and nothing is made anew', () => {
    writeFileSync(path, toService('a'));
    const { state, look } = bound(follow());
    replace(BAD);
    look();
    replace(toService('a'));
    look();
    expect([used, state().problem, logged.at(-1)?.msg]).toEqual([[], undefined, 'the gateway file is as it was']);
  });

  it.each([
    ['removed', () => unlinkSync(path), 'cannot be read: ENOENT'],
    ['emptied, as by a full disk', () => writeFileSync(path, '\n'), 'is empty: write {} to set nothing'],
    ['a folder', () => void (unlinkSync(path), mkdirSync(path)), 'is no file'],
    [
      'too large',
      () => writeFileSync(path, `# ${'x'.repeat(1_048_576)}`),
      'is too large: at most 1048576 bytes are read',
    ],
  ])('stays in force when it is %s, and is followed when it is back', (_, spoil, fault) => {
    writeFileSync(path, toService('a'));
    const { state, look } = bound(follow());
    spoil();
    look();
    look();
    expect([used, state().problem?.faults]).toEqual([[], [`${path} ${fault}`]]);
    expect(logged).toHaveLength(1);
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, toService('b'));
    look();
    expect([used, state().problem]).toEqual([['b'], undefined]);
  });

  it('stays in force when what uses it refuses', () => {
    writeFileSync(path, toService('a'));
    const { state, look } = bound(follow());
    refuses = new Error('no such policy');
    replace(toService('b'));
    look();
    expect([state().hash, state().problem?.faults]).toEqual([readHash('a'), ['no such policy']]);
  });
});

const bound = (one: GatewayFileFollower) => ({ state: () => one.state, look: () => one.look() });

function readHash(service: string): string {
  writeFileSync(path, toService(service));
  return readGatewayFile(path).hash;
}
