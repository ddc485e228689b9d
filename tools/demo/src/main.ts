import { randomBytes } from 'node:crypto';
import ora from 'ora';
import pc from 'picocolors';
import { parseArguments } from './arguments.js';
import { Narrator } from './narrator.js';
import { type Stage, openStage } from './stage.js';
import { STORY, newPlot } from './story.js';

/** `npm run demo`: exit code 0 when every step held, 1 when one did not. */
async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  const spinner = ora({
    text: 'Starting a platform for the demo',
    discardStdin: false,
    isSilent: !process.stderr.isTTY,
  }).start();
  const stage = await openStage(args, (line) =>
    spinner.isSpinning ? (spinner.text = line) : console.log(`   ${line}`),
  ).finally(() => spinner.stop());
  try {
    console.log(`The gateway: ${stage.gatewayUrl}`);
    return await tell(stage);
  } finally {
    spinner.start('Ending the demo');
    await stage.close();
    spinner.stop();
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
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
