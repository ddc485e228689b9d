import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type StartArguments, parseArguments } from './arguments.js';
import { root } from './checkout.js';
import { type LaunchConfig, readConfig } from './config.js';
import { openControl } from './control.js';
import { dataFolder } from './data-folder.js';
import { isFree } from './free-port.js';
import { removePlatformFile, writePlatformFile } from './platform-file.js';
import { type Platform, type PlatformOptions, startPlatform } from './platform.js';
import { PROCESS_LIST, claimFolder, releaseFolder } from './process-list.js';
import { showProgress } from './progress.js';
import { nextSteps, table } from './report.js';

/** Longer than a service drains: what a launcher that was killed left behind may end in order. */
const LEFTOVERS_WITHIN_MS = 12_000;

/** Ctrl-C, a polite kill, and the terminal that is closed. */
const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What shells make of a program that Ctrl-C ended before it had done its work. */
const INTERRUPTED = 130;

/** `npm start`: starts the platform, says what runs where, and keeps it running until Ctrl-C. Returns the exit code. */
async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  const config = readConfig();
  const data = dataFolder(config.TRELLIS_DATA_DIR);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  for (const name of ENDS) process.on(name, () => interrupt.abort());
  // A terminal that is gone shows nothing more, and the platform still has to be ended in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  const progress = showProgress('Starting');
  let platform: Platform | undefined;
  try {
    await claimFolder(data.path, LEFTOVERS_WITHIN_MS, progress.say);
    try {
      platform = await start(data.path, args, config, { signal, say: progress.say });
      progress.end();
      const control = await openControl(platform);
      writePlatformFile(data.path, { ...platform, control });
      welcome(platform, data);
      if (!signal.aborted) await once(signal, 'abort');
      control.close();
      console.log('\nEnding in order: gateway, services, registry, stand-ins');
      await platform.stop();
    } finally {
      removePlatformFile(data.path);
      releaseFolder(data.path);
    }
    return 0;
  } catch (error) {
    if (signal.aborted && !platform) return INTERRUPTED;
    throw error;
  } finally {
    progress.end();
  }
}

async function start(
  folder: string,
  { fresh, replicas }: StartArguments,
  config: LaunchConfig,
  options: Pick<PlatformOptions, 'signal' | 'say'>,
): Promise<Platform> {
  if (fresh) removeData(folder);
  await requireFree(config.PORT, 'PORT', 'the gateway');
  await requireFree(config.JAEGER_PORT, 'JAEGER_PORT', 'the traces');
  return await startPlatform({
    ...options,
    folder,
    gatewayPort: config.PORT,
    jaegerPort: config.JAEGER_PORT,
    replicas,
    logLevel: config.LOG_LEVEL,
    ...(config.CALL_POLICIES_FILE !== undefined && { callPoliciesFile: config.CALL_POLICIES_FILE }),
  });
}

/** All but the mark that this launcher owns the folder. */
function removeData(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== PROCESS_LIST) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function requireFree(port: number, variable: string, what: string): Promise<void> {
  if (port === 0 || (await isFree(port))) return;
  throw new Error(
    `Port ${port} for ${what} is in use. End what uses it, or set ${variable} in .env to another port (0: any).`,
  );
}

function welcome(platform: Platform, data: ReturnType<typeof dataFolder>): void {
  console.log(table(platform.status(), data.path));
  if (data.elsewhere) console.log(`Data: ${data.path} (you cannot write in ${root})`);
  console.log(`\nTrellis is ready in ${process.uptime().toFixed(1)} s: ${platform.gatewayUrl}\n`);
  console.log(nextSteps(platform));
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
