import { closeSync, existsSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readConfig } from './config.js';
import { dataFolder } from './data-folder.js';
import { prettyLine } from './pretty-line.js';

/** How much of each log is shown before it is followed. */
const TAIL_BYTES = 8 * 1024;
const POLL_MS = 250;

/** `npm run logs -- NAME…`: shows the end of the logs of services or instances, and what follows. */
function main(names: readonly string[]): void {
  const folder = join(dataFolder(readConfig().TRELLIS_DATA_DIR).path, 'logs');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.log')) : [];
  const known = files.map((file) => basename(file, '.log'));
  if (known.length === 0) throw new Error('There are no logs yet. Start the platform with npm start.');
  const logsOf = (part: string) => known.filter((name) => name === part || name.startsWith(`${part}-`));
  const missing = names.filter((part) => logsOf(part).length === 0);
  if (missing.length > 0) throw new Error(`No log of ${missing.join(', ')}. There are: ${known.join(', ')}`);
  process.stdout.on('error', () => process.exit(0)); // whoever read, such as head, has read enough
  for (const name of names.length === 0 ? known : new Set(names.flatMap(logsOf)))
    follow(name, join(folder, `${name}.log`));
}

/** Polls: a file that is renamed at its limit is followed under its name, which no watcher does everywhere. */
function follow(name: string, path: string): void {
  let position = Math.max(0, statSync(path).size - TAIL_BYTES);
  let rest = '';
  let whole = position === 0;
  const read = () => {
    const size = existsSync(path) ? statSync(path).size : 0;
    if (size < position) position = 0;
    if (size === position) return;
    const buffer = Buffer.alloc(size - position);
    const file = openSync(path, 'r');
    position += readSync(file, buffer, 0, buffer.length, position);
    closeSync(file);
    const lines = (rest + buffer.toString()).split('\n');
    rest = lines.pop() ?? '';
    if (!whole) lines.shift(); // the tail begins inside a line
    whole = true;
    for (const line of lines) if (line !== '') console.log(prettyLine(name, line));
  };
  read();
  setInterval(read, POLL_MS);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
