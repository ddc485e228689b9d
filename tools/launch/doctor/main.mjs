/** `npm run doctor`: what would keep `npm start` from working, and how to mend it. Exit code 1 when something would. */
import { join } from 'node:path';
import { CHECKS } from './checks.mjs';
import { machine } from './machine.config.mjs';

const found = await machine(join(import.meta.dirname ?? '', '../../..'));
const rows = Object.entries(CHECKS).map(([name, check]) => ({ name, ...check(found) }));
const width = Math.max(...rows.map(({ name }) => name.length));
for (const { name, level, found: what, mend } of rows) {
  console.log(`${level.padEnd(4)}  ${name.padEnd(width)}  ${what}`);
  if (mend !== undefined) console.log(`${' '.repeat(width + 6)}  → ${mend}`);
}
const failing = rows.filter(({ level }) => level === 'fail').length;
console.log(failing === 0 ? '\nnpm start should work.' : `\nnpm start would fail: ${failing} to mend first.`);
process.exitCode = failing === 0 ? 0 : 1;
