import { type PlatformFile, type RolloutEvent, rolloutEvent } from '@trellis/launch';
import { type Command, InvalidArgumentError } from 'commander';
import { Failure } from '../failure.js';
import { failureOf, send } from '../fetch-json.js';
import { rolloutLine } from '../rollout-line.js';
import type { AddCommand, Options } from './context.js';

interface RolloutCommand extends Options {
  readonly all?: true;
  readonly bake?: number;
  readonly readyWithin?: number;
}

export const addRollout: AddCommand = (program, { terminal, find }) => {
  program
    .command('rollout')
    .description('replace instances by new ones of what is built now, one after the other, without a failed request')
    .argument('[names...]', 'services or instances, such as blog or blog-1')
    .option('--all', 'every service, the gateway included')
    .option('--bake <seconds>', 'how long a new instance is watched beside the old one (3)', milliseconds)
    .option('--ready-within <seconds>', 'how long a new instance may take to become ready (30)', milliseconds)
    .action(async (names: readonly string[], _, command: Command) => {
      const { json, all, bake, readyWithin, ...options } = command.optsWithGlobals<RolloutCommand>();
      if ((names.length === 0) !== (all ?? false)) throw new Failure('Say which services, or --all.');
      const wanted = { names, bakeMs: bake, readyWithinMs: readyWithin };
      for await (const event of rollout(find(options).control(), wanted)) {
        terminal.print(json ? JSON.stringify(event) : rolloutLine(event));
        if (event.step === 'failed') throw new Failure(event.reason);
        if (event.step === 'done') return;
      }
      throw new Failure('The launcher ended before the rollout did.');
    });
};

/** Orders it, and yields what happens. Throws Failure when the launcher will not. */
async function* rollout({ url, secret }: PlatformFile['control'], wanted: object): AsyncGenerator<RolloutEvent> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const signal = new AbortController().signal; // it takes as long as it takes
  const response = await send(`${url}/rollout`, { method: 'POST', headers, body: JSON.stringify(wanted), signal });
  if (!response.ok) throw await failureOf(response);
  let rest = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield rolloutEvent.parse(JSON.parse(line));
  }
}

function milliseconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds <= 600)) throw new InvalidArgumentError('Write seconds from 0 to 600.');
  return Math.round(seconds * 1000);
}
