import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type Postgres, PortInUse, startPostgres } from './start-postgres.js';
import { processInfo } from './process-info.js';

/** Above what Linux and macOS hand out. */
const NOBODYS_PID = 99_999_999;

describe('startPostgres', () => {
  let folder: string;
  let dataDir: string;
  let lines: string[];
  const running: Postgres[] = [];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'postgres-spec-')));
    chmodSync(folder, 0o755);
    dataDir = join(folder, 'data');
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
    rmSync(folder, { recursive: true });
  });

  it('keeps data and password over a restart', async () => {
    const first = await start(dataDir);
    await query(first, 'CREATE TABLE kept (id int)');
    await first.stop();
    const second = await start(dataDir);
    expect(await query(second, "SELECT to_regclass('kept')::text AS kept")).toEqual([{ kept: 'kept' }]);
    expect(new URL(second.url('x')).password).toBe(new URL(first.url('x')).password);
    expect(second.dataDir).toBe(dataDir);
    expect(statSync(join(dataDir, 'superuser-password')).mode & 0o777).toBe(0o600);
  });

  it('listens on 127.0.0.1 alone and wants the password', async () => {
    const postgres = await start(dataDir);
    expect(await query(postgres, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const url = new URL(postgres.url('postgres'));
    url.password = 'wrong';
    await expect(new Client(url.href).connect()).rejects.toThrow('password authentication failed');
  });

  it('refuses a folder whose server still has its owner, by whatever path', async () => {
    await start(dataDir);
    symlinkSync(folder, `${folder}.link`);
    const again = start(join(`${folder}.link`, 'data'));
    await expect(again).rejects.toThrow(`${dataDir} is in use by the PostgreSQL (pid`);
    rmSync(`${folder}.link`);
  });

  it('ends a server that a killed starter left behind, and starts', async () => {
    const abandoned = await start(dataDir);
    await query(abandoned, 'CREATE TABLE kept (id int)');
    // What the file looks like from outside once the starter is gone: its process is not the server's parent.
    rmSync(join(dataDir, 'started-by'));
    writeFileSync(join(dataDir, 'started-by'), String(NOBODYS_PID));
    const next = await start(dataDir);
    await abandoned.exited;
    expect(await query(next, 'SELECT * FROM kept')).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^Ending PostgreSQL \(pid \d+\), left behind/));
  });

  it.each([
    ['nobody has any more', NOBODYS_PID],
    ['another program has now', process.pid],
  ])('ignores a stale postmaster.pid with an id that %s', async (_case, pid) => {
    await (await start(dataDir)).stop();
    writeFileSync(join(dataDir, 'postmaster.pid'), `${pid}\n${dataDir}\n`);
    const next = await start(dataDir);
    expect(await query(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(processInfo(process.pid)).toBeDefined();
    expect(lines).not.toContainEqual(expect.stringMatching(/^Ending/));
  });

  it('recovers by itself after the server was killed', async () => {
    const first = await start(dataDir);
    await query(first, 'CREATE TABLE kept (id int)');
    process.kill(Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
    await first.exited;
    await first.stop(); // returns at once
    expect(await query(await start(dataDir), 'SELECT * FROM kept')).toEqual([]);
  });

  it('says which port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const refused = startPostgres({ dataDir, port });
    await expect(refused).rejects.toBeInstanceOf(PortInUse);
    await expect(refused).rejects.toThrow(`Port ${port} is in use`);
    other.close();
  });

  it("keeps the data elsewhere, and says where, when PostgreSQL's account cannot use the folder", async () => {
    const wanted = join(unusable(folder), 'data');
    const postgres = await start(wanted);
    expect(postgres.dataDir).toMatch(new RegExp(`^${tmpdir()}/trellis-postgres-[\\d-]+/data-[0-9a-f]{12}$`));
    expect(lines).toContain(`PostgreSQL's account cannot use ${wanted}: the data is in ${postgres.dataDir}`);
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    const again = await start(wanted);
    expect(again.dataDir).toBe(postgres.dataDir);
    await again.stop();
    rmSync(postgres.dataDir, { recursive: true });
  });

  async function start(where: string): Promise<Postgres> {
    const postgres = await startPostgres({ dataDir: where, log: (line) => lines.push(line) });
    running.push(postgres);
    return postgres;
  }
});

/** For root a folder that its PostgreSQL account cannot enter, for anybody else one that he cannot write to. */
function unusable(folder: string): string {
  const path = join(folder, 'closed');
  mkdirSync(path, { mode: 0o500 });
  if (process.getuid?.() === 0) chownSync(path, 0, 0);
  return path;
}

async function query<Row extends object>(postgres: Postgres, sql: string): Promise<Row[]> {
  const client = new Client(postgres.url('postgres'));
  await client.connect();
  // A server that is ended later tells its connections; this one has its answer by then.
  client.on('error', () => undefined);
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
