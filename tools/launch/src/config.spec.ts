import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checkout.js';
import { inheritedEnv, readConfig } from './config.js';

describe('the configuration of npm start', () => {
  let folder: string;
  let envFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-config-'));
    envFile = join(folder, '.env');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has the ports that people know unless told otherwise', () => {
    expect(readConfig({}, envFile)).toEqual({
      PORT: 8080,
      JAEGER_PORT: 16686,
      TRELLIS_DATA_DIR: '.trellis',
      LOG_LEVEL: 'info',
    });
  });

  it('takes .env, and the environment over it', () => {
    writeFileSync(envFile, 'PORT=9000\nJAEGER_PORT=9001\n');
    expect(readConfig({ PORT: '7000' }, envFile)).toMatchObject({ PORT: 7000, JAEGER_PORT: 9001 });
  });

  it('takes a file of call policies, from the root of the checkout unless the path is a whole one', () => {
    writeFileSync(envFile, 'CALL_POLICIES_FILE=package.json\n');
    expect(readConfig({}, envFile).CALL_POLICIES_FILE).toBe(join(root, 'package.json'));
    expect(readConfig({ CALL_POLICIES_FILE: envFile }, envFile).CALL_POLICIES_FILE).toBe(envFile);
  });

  it('names every bad variable at once', () => {
    const bad = { PORT: '65536', JAEGER_PORT: 'x', LOG_LEVEL: 'loud', CALL_POLICIES_FILE: 'nowhere.yaml' };
    const read = () => readConfig(bad, envFile);
    expect(read).toThrow(
      [
        'The configuration is not usable (environment or .env):',
        '  PORT must be a port from 0 to 65535',
        '  JAEGER_PORT must be a port from 0 to 65535',
        '  CALL_POLICIES_FILE names no file',
        '  LOG_LEVEL must be one of trace, debug, info, warn, error',
      ].join('\n'),
    );
  });

  it('hands no secret of the shell on to the processes', () => {
    const source = { PATH: '/bin', HOME: '/home/ada', AWS_SECRET_ACCESS_KEY: 'x', NODE_ENV: 'production', PORT: '1' };
    expect(inheritedEnv(source)).toEqual({ PATH: '/bin', HOME: '/home/ada' });
  });
});
