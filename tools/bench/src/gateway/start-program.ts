import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, inheritedEnv } from '@trellis/launch';
import { Pinned } from '../pinned.js';
import type { Running } from './subject.js';

/** Milliseconds within which a program must take connections. */
const READY_WITHIN = 20_000;

export interface Program {
  /** Path of the program. */
  readonly command: string;
  /** Where its configuration is written. */
  readonly folder: string;
  readonly file: string;
  /** Its configuration for a port. */
  readonly config: (port: number) => string;
  /** Its arguments for that file. */
  readonly args: (file: string) => readonly string[];
}

/** Starts a program that listens on the port that its configuration names. */
export async function startProgram({ command, folder, file: name, config, args }: Program): Promise<Running> {
  const port = await freePort();
  const file = join(folder, name);
  writeFileSync(file, config(port));
  const process = new Pinned('measured', args(file), inheritedEnv(), command);
  for (let waited = 0; !(await listens(port)); waited += 50) {
    if (process.ended) throw new Error(`${command} did not start`);
    if (waited > READY_WITHIN) {
      await process.kill();
      throw new Error(`${command} does not listen`);
    }
    await sleep(50);
  }
  return { process, port };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
