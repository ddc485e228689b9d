import logUpdate from 'log-update';
import type { Screen, Terminal } from './terminal.js';

const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (text) => console.log(text),
  note: (text) => console.error(text),
  screen: process.stdout.isTTY ? screen() : undefined,
  interrupted: () => {
    const enough = new AbortController();
    for (const signal of ENDS) process.once(signal, () => enough.abort());
    process.stdout.once('error', () => enough.abort()); // who reads the pipe has gone: `watch | head`
    return enough.signal;
  },
};

function screen(): Screen {
  return { draw: logUpdate, append: (text) => logUpdate.persist(text), end: () => logUpdate.done() };
}
