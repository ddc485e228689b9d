import { createLogUpdate } from 'log-update';
import type { Screen, Terminal } from './terminal.js';

const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A terminal that does not know how large it is (0 by 0: `docker exec -t`, expect) is taken for one of this size. */
const USUAL = { columns: 80, rows: 24 };

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (text) => console.log(text),
  note: (text) => console.error(text),
  screen: process.stdout.isTTY ? screenOn(process.stdout) : undefined,
  interrupted: () => {
    const enough = new AbortController();
    for (const signal of ENDS) process.once(signal, () => enough.abort());
    process.stdout.once('error', () => enough.abort()); // who reads the pipe has gone: `watch | head`
    return enough.signal;
  },
};

/** A screen at the bottom of what the terminal shows. */
export function screenOn(terminal: NodeJS.WriteStream): Screen {
  if (terminal.columns === 0) Object.assign(terminal, USUAL);
  const logUpdate = createLogUpdate(terminal);
  return { draw: logUpdate, append: (text) => logUpdate.persist(text), end: () => logUpdate.done() };
}
