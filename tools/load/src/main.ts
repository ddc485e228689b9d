import { credentialsFileHere, platformHere } from '@trellis/launch';
import { createLogUpdate } from 'log-update';
import { writeFileSync } from 'node:fs';
import { type LoadArguments, parseArguments } from './arguments.js';
import { lastLines, liveLines } from './live.js';
import { report } from './report.js';
import { runLoad } from './run-load.js';
import type { Tally } from './tally.js';

const LIVE_EVERY_MS = 500;

/** `npm run load`: runs a load against a running platform. Returns the exit code. */
async function main(args: LoadArguments): Promise<number> {
  const { gatewayUrl, grpc } = whereTo(args);
  const enough = new AbortController();
  process.once('SIGINT', () => enough.abort()); // what is under way still counts; a second one ends the program
  const title = `${args.scenario} at ${args.rate}/s for ${args.duration} s against ${gatewayUrl}`;
  const began = new Date();
  if (!args.json) console.log(title);
  const live = args.json ? undefined : showLive(args.duration);
  const tally = await runLoad({
    ...{ gatewayUrl, scenario: args.scenario, perSecond: args.rate, seconds: args.duration },
    ...{ grpc, grpcShare: args.grpc, signal: enough.signal },
    began: (started) => live?.follow(started),
  }).finally(() => live?.end());
  const { summary } = tally;
  console.log(args.json ? JSON.stringify({ title, ...summary, seconds: tally.seconds }) : lastLines(tally));
  if (args.report !== undefined) {
    writeFileSync(args.report, report(tally, { title, began }));
    if (!args.json) console.log(`Report: ${args.report}`);
  }
  return summary.failed > args.maxFailed ? 1 : 0;
}

function whereTo({ url, grpc }: LoadArguments): Pick<Parameters<typeof runLoad>[0], 'gatewayUrl' | 'grpc'> {
  const here = platformHere();
  const ours = here && (url === undefined || new URL(url).host === new URL(here.gatewayUrl).host);
  if (ours) {
    const access = { registryGrpc: here.registryGrpc, credentialsFile: credentialsFileHere() };
    return { gatewayUrl: here.gatewayUrl, grpc: access };
  }
  if (url === undefined) throw new Error('No platform runs from this folder. Start it with npm start, or give --url.');
  if (grpc > 0) throw new Error(`--grpc is for the platform of this folder, and ${url} is another one.`);
  return { gatewayUrl: url, grpc: undefined };
}

/** Numbers at the bottom of a terminal. Elsewhere only the end is told. */
function showLive(seconds: number): { follow(tally: Tally): void; end(): void } {
  if (!process.stdout.isTTY) return { follow: () => undefined, end: () => undefined };
  const draw = createLogUpdate(process.stdout);
  let timer: NodeJS.Timeout | undefined;
  return {
    follow: (tally) => (timer = setInterval(() => draw(liveLines(tally, seconds)), LIVE_EVERY_MS)),
    end: () => {
      clearInterval(timer);
      draw.clear();
    },
  };
}

try {
  process.exitCode = await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
