/**
 * `node run.mjs COMMAND …`: checks the machine, builds what is not built, and hands over to the compiled command. Plain JavaScript, so that it can still speak where nothing is built or the Node is old.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { becomeOwner } from './owner.config.mjs';

const root = join(import.meta.dirname ?? '', '../..');

/** Command → compiled entry, and whether sources may have changed since the last build matters to it. */
const COMMANDS = {
  start: { entry: 'tools/launch/dist/start.js', build: 'always' },
  demo: { entry: 'tools/demo/dist/main.js', build: 'always' },
  bench: { entry: 'tools/bench/dist/main.js', build: 'always' },
  load: { entry: 'tools/load/dist/main.js', build: 'once' },
  logs: { entry: 'tools/launch/dist/logs.js', build: 'once' },
  trellis: { entry: 'tools/cli/dist/main.js', build: 'once' },
  docker: { entry: 'tools/docker/dist/main.js', build: 'once' },
};

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 11)) return;
  const linux = process.platform === 'linux' ? 'run it through npm after `npm ci`, on Linux with glibc' : '';
  fail(`Trellis needs Node >= 24.11, this is ${process.version}: ${linux || 'install it (macOS: see .nvmrc)'}`);
}

function writable() {
  try {
    accessSync(root, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [name, ...args] = process.argv.slice(2);
if (name === 'doctor') {
  await import('./doctor/main.mjs'); // it has more to say about the machine
  process.exit();
}
checkMachine();
becomeOwner(root);
const command = COMMANDS[name] ?? fail(`Unknown command ${name}. There are: ${Object.keys(COMMANDS).join(', ')}`);
const built = existsSync(join(root, 'tools/launch/dist/start.js')) && existsSync(join(root, command.entry));
if (!built || (command.build === 'always' && writable())) {
  if (!writable())
    fail(`${root} is not built and you cannot write there: build it once as its owner with npm run build`);
  const { build } = await import('./build.mjs');
  if (!(await build(root))) process.exit(1);
}
process.argv = [process.argv[0], join(root, command.entry), ...args];
await import(join(root, command.entry));
