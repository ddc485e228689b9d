import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import ora from 'ora';
import { isUpToDate, sourcesOf, stampBuild } from './build-stamp.mjs';

/** Apps and tools with the libs that they refer to, and no specs: one that is being written keeps nobody from starting. */
const PROJECTS = ['apps/*/tsconfig.app.json', 'tools/*/tsconfig.lib.json'];

const steps = (root) => [
  { text: 'Generating code from contracts and schemas', command: ['nx', 'run-many', '-t', 'generate'] },
  {
    text: 'Compiling',
    command: ['tsc', '-b', ...globSync(PROJECTS, { cwd: root, exclude: ['apps/system-tests/**'] })],
  },
];

/**
 * Brings everything that is generated or compiled up to date, with progress on the terminal. A step that fails shows all
 * that it said.
 *
 * @param {string} root the checkout
 * @returns {Promise<boolean>} whether it worked
 */
export async function build(root) {
  if (isUpToDate(root)) return true;
  const sources = sourcesOf(root);
  // A terminal of width 0 (docker run -t, a CI's pty) would keep ora erasing lines for ever.
  const hasWidth = process.stderr.isTTY && process.stderr.columns > 0;
  const spinner = ora({ discardStdin: false, isSilent: !hasWidth }).start();
  for (const { text, command } of steps(root)) {
    if (hasWidth) spinner.text = text;
    else console.error(text);
    const { code, output } = await run(root, command);
    if (code !== 0) {
      spinner.stop();
      console.error(`${text} failed:\n${output}`);
      return false;
    }
  }
  spinner.stop();
  stampBuild(root, sources);
  return true;
}

function run(root, [command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin', command), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
