/**
 * `npm run test:real [-- NAME] [jest options]`: checks against real servers that not every machine has. Says what each
 * needs, leaves out what is not there, and fails only when a check that could run did.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Each is `apps/system-tests/src/NAME.real.ts`. */
const CHECKS = [
  { name: 'compose-file', needs: 'docker with the compose plugin', there: () => works('docker', 'compose', 'version') },
];

const [, , ...args] = process.argv;
const wanted = CHECKS.filter(({ name }) => args.length === 0 || args[0].startsWith('-') || args.includes(name));
if (wanted.length === 0) {
  console.error(`No check ${args[0]}. There are: ${CHECKS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const possible = wanted.filter(({ name, needs, there }) => {
  const can = there();
  console.log(can ? `${name}: runs` : `${name}: left out, it needs ${needs}`);
  return can;
});
if (possible.length > 0) {
  const options = args.filter((arg) => !CHECKS.some(({ name }) => name === arg));
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--config=apps/system-tests/jest.real.config.js',
      ...possible.map(({ name }) => `src/${name}.real.ts`),
      ...options,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
}
