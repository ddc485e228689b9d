import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

const settings = parseEnv(readFileSync(join(import.meta.dirname, '../../docker/.env'), 'utf8'));
const works = (...args) => spawnSync('docker', args, { stdio: 'ignore' }).status === 0;

/** Whether there is a Docker engine that answers, with the compose plugin. */
export const engine = works('compose', 'version') && works('version');

/** The images of these settings of docker/.env that the engine does not have. A check downloads nothing by itself. */
export const missing = (...names) =>
  names.flatMap((name) => (works('image', 'inspect', settings[name]) ? [] : [settings[name]]));
