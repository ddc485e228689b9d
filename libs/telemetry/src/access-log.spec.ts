import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAccessLog } from './access-log.js';
import { createLogger } from './create-logger.js';
import { LineWriter } from './line-writer.js';

let folder: string;
let file: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-log-'));
  file = join(folder, 'log');
  fd = openSync(file, 'a');
});
afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** Speaks through both at once; is read only when it has said everything, and ends without waiting for that. */
const CHATTY = `
  import { createAccessLog, createLogger } from '@trellis/telemetry';
  const logger = createLogger({ name: 'chatty' });
  const log = createAccessLog('chatty', logger);
  const padding = 'x'.repeat(400);
  for (let turn = 0; turn < 200; turn++) {
    for (let line = 0; line < 5; line++) log.write('"n":' + (turn * 5 + line) + ',"padding":"' + padding + '"');
    logger.info({ turn, padding: padding.repeat(3) }, 'spoke');
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.send('spoken');
  process.once('message', () => process.exit(0));
`;

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an access log', () => {
  it('writes lines as the logger does, when it is closed at the latest', async () => {
    const log = createAccessLog('gateway', createLogger({ name: 'gateway' }), new LineWriter(fd));
    for (let i = 0; i < 1_000; i++) log.write(`"status":200,"n":${i}`);
    await log.close();
    const written = lines(readFileSync(file, 'utf8'));
    expect(written[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: process.pid,
      name: 'gateway',
      status: 200,
      n: 0,
      msg: 'request',
    });
    expect(Math.abs(Date.now() - Date.parse(String(written[0]?.['time'])))).toBeLessThan(60_000);
    expect(written.map(({ n }) => n)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it('is wanted by whoever wants lines of level info, from one moment to the next', () => {
    const logger = createLogger({ name: 'gateway', level: 'warn' });
    const log = createAccessLog('gateway', logger, new LineWriter(fd));
    expect(log.enabled).toBe(false);
    logger.level = 'info';
    expect(log.enabled).toBe(true);
  });

  it('keeps a bounded number of lines for who does not read, drops the rest and closes', async () => {
    const log = createAccessLog('gateway', createLogger({ name: 'gateway' }), new LineWriter(fd));
    const long = `"long":"${'x'.repeat(1_000)}"`;
    for (let i = 0; i < 5_000; i++) log.write(long); // in one go: nothing can be written meanwhile
    await log.close();
    const { length } = lines(readFileSync(file, 'utf8'));
    expect(length).toBeGreaterThan(900);
    expect(length).toBeLessThan(1_048_576 / 1_000);
  });

  it('has whole lines, all of them, beside a logger in the same place that nobody reads until the end', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', CHATTY], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    child.send('end');
    const text = Buffer.concat((await child.stdout?.toArray()) ?? []).toString();
    const all = lines(text);
    expect(all.filter(({ msg }) => msg === 'spoke')).toHaveLength(200);
    const own = all.filter(({ msg }) => msg === 'request').map(({ n }) => n);
    expect(own).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });
});
