import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from './config.js';
import { dataFolder } from './data-folder.js';
import { LogTail, inOrder } from './log-tail.js';
import { prettyLine } from './pretty-line.js';

/** How much of each log is shown before it is followed: some hundred lines. */
const TAIL_BYTES = 64 * 1024;
const POLL_MS = 250;

/** `npm run logs -- NAME…`: shows the end of the logs of services or instances, and what follows, until Ctrl-C. */
function main(argv: readonly string[]): void {
  const command = new Command('npm run logs --')
    .argument('[names...]', 'services or instances, such as blog or blog-1; all of them unless told')
    .option('--all', 'from the beginning instead of the last 64 KiB', false)
    .parse(argv, { from: 'user' });
  const tailBytes = command.opts<{ all: boolean }>().all ? Infinity : TAIL_BYTES;
  const folder = join(dataFolder(readConfig().TRELLIS_DATA_DIR).path, 'logs');
  const logs = chosen(folder, command.args).map((name) => new LogTail(name, join(folder, `${name}.log`), tailBytes));
  process.stdout.on('error', () => process.exit(0)); // whoever read, such as head, has read enough
  const show = () => {
    for (const { name, text } of inOrder(logs.flatMap((log) => log.read()))) console.log(prettyLine(name, text));
  };
  show();
  setInterval(show, POLL_MS); // no watcher sees a renamed file everywhere
}

function chosen(folder: string, names: readonly string[]): string[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.log')) : [];
  const known = files.map((file) => basename(file, '.log'));
  if (known.length === 0) throw new Error('There are no logs yet. Start the platform with npm start.');
  const logsOf = (part: string) => known.filter((name) => name === part || name.startsWith(`${part}-`));
  const missing = names.filter((part) => logsOf(part).length === 0);
  if (missing.length > 0) throw new Error(`No log of ${missing.join(', ')}. There are: ${known.join(', ')}`);
  return names.length === 0 ? known : [...new Set(names.flatMap(logsOf))];
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
