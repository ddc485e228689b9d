import { spawn } from 'node:child_process';
import { join } from 'node:path';
import ora from 'ora';

const STEPS = [
  { text: 'Generating code from contracts and schemas', command: ['nx', 'run-many', '-t', 'generate'] },
  { text: 'Compiling', command: ['tsc', '-b'] },
];

/**
 * Brings everything that is generated or compiled up to date, with progress on the terminal. A step that fails shows all
 * that it said.
 *
 * @param {string} root the checkout
 * @returns {Promise<boolean>} whether it worked
 */
export async function build(root) {
  const spinner = ora({ discardStdin: false }).start();
  for (const { text, command } of STEPS) {
    spinner.text = text;
    const { code, output } = await run(root, command);
    if (code !== 0) {
      spinner.fail(`${text} failed`);
      process.stderr.write(output);
      return false;
    }
  }
  spinner.stop();
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
