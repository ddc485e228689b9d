import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { showProgress } from '@trellis/launch';
import pc from 'picocolors';
import { parseArguments } from './arguments.js';
import { Narrator } from './narrator.js';
import { type Stage, openStage } from './stage.js';
import { STORY, newPlot } from './story.js';

/** What shells make of a program that Ctrl-C ended before it had done its work. */
const INTERRUPTED = 130;

/** `npm run demo`: exit code 0 when every step held, 1 when one did not. */
async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  const interrupt = new AbortController();
  const interrupted = once(interrupt.signal, 'abort').then(() => INTERRUPTED);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort());
  const starting = showProgress('Starting a platform for the demo');
  const stage = await openStage(args, starting.say, interrupt.signal).finally(starting.end);
  try {
    console.log(`The gateway: ${stage.gatewayUrl}`);
    return await Promise.race([tell(stage), interrupted]);
  } finally {
    const ending = showProgress('Ending the demo');
    await stage.close();
    ending.end();
  }
}

async function tell(stage: Stage): Promise<number> {
  const narrator = new Narrator(stage.gatewayUrl);
  const plot = newPlot(randomBytes(4).toString('hex'));
  let played = 0;
  for (const [index, step] of STORY.entries()) {
    narrator.title(index + 1, step.title);
    const why = step.leftOut?.(stage);
    if (why !== undefined) {
      narrator.note(`left out: ${why}`);
      continue;
    }
    try {
      await step.play(stage, narrator, plot);
      played += 1;
    } catch (error) {
      console.error(
        `\n${pc.red(`Step ${index + 1} failed (${step.title}):`)} ${String(error instanceof Error ? error.message : error)}`,
      );
      return 1;
    }
  }
  const leftOut = STORY.length - played;
  console.log(`\n${pc.green(`All ${played} steps held.`)}${leftOut ? ` ${leftOut} left out.` : ''}`);
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof Error && error.name === 'AbortError') process.exit(INTERRUPTED);
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
