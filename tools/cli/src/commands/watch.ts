import type { WatchResponse } from '@trellis/contracts/registry/v1';
import type { Command } from 'commander';
import { happeningLine } from '../happening-line.js';
import { LiveList } from '../live-list.js';
import { type Answer } from '../registry-api.js';
import { registryEvents } from '../registry-events.js';
import { watchedTable } from '../tables.js';
import type { Terminal } from '../terminal.js';
import type { AddCommand, Options } from './context.js';

export const addWatch: AddCommand = (program, { terminal, find }) => {
  program
    .command('watch')
    .description(
      'follow the instances of a service, or of all, until Ctrl-C; with --json an event of the registry per line',
    )
    .argument('[service]', 'its name, such as blog')
    .action(async (service: string | undefined, _, command: Command) => {
      const { json, ...options } = command.optsWithGlobals<Options>();
      const url = find(options).registryUrl();
      const view = json ? programView(terminal) : terminal.screen ? screenView(terminal) : lineView(terminal);
      const watched = { service, signal: terminal.interrupted(), notice: view.notice };
      try {
        for await (const event of registryEvents(url, watched)) view.take(event);
      } finally {
        terminal.screen?.end();
      }
    });
};

/** How what happens is shown. */
interface View {
  take(event: Answer<WatchResponse>): void;
  notice(text: string): void;
}

const programView = ({ print, note }: Terminal): View => ({
  take: ({ json }) => print(JSON.stringify(json)),
  notice: note,
});

/** The name may be wrong, or they may come yet. */
const NOBODY = 'No instance is listed.';

/** Line after line, for files and pipes. */
function lineView({ print, note }: Terminal): View {
  const list = new LiveList();
  let told = false;
  return {
    take: ({ message }) => {
      for (const happening of list.take(message)) print(happeningLine(happening, new Date()));
      if (!told && list.instances().length === 0) note(NOBODY);
      told = true;
    },
    notice: note,
  };
}

/** What happened above, and below it the list as it is now. */
function screenView({ screen, note }: Terminal): View {
  const list = new LiveList();
  return {
    take: ({ message }) => {
      const happenings = list.take(message).filter(({ what }) => what !== 'listed'); // the table has them
      for (const happening of happenings) screen?.append(happeningLine(happening, new Date()));
      const instances = list.instances();
      screen?.draw(instances.length > 0 ? watchedTable(instances) : NOBODY);
    },
    notice: (text) => (screen ? screen.append(text) : note(text)),
  };
}
