import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ora from 'ora';
import { parseArguments } from './arguments.js';
import { root } from './checkout.js';
import { readConfig } from './config.js';
import { dataFolder } from './data-folder.js';
import { isFree } from './free-port.js';
import { removePlatformFile, writePlatformFile } from './platform-file.js';
import { type Platform, startPlatform } from './platform.js';
import { PROCESS_LIST, claimFolder, releaseFolder } from './process-list.js';
import { nextSteps, table } from './report.js';

/** Longer than a service drains: what a launcher that was killed left behind may end in order. */
const LEFTOVERS_WITHIN_MS = 12_000;

/** `npm start`: starts the platform, says what runs where, and keeps it running until Ctrl-C. */
async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  const config = readConfig();
  const data = dataFolder(config.TRELLIS_DATA_DIR);
  const folder = data.path;
  const spinner = ora({ text: 'Starting', discardStdin: false, isSilent: !process.stderr.isTTY }).start();
  const say = (line: string) => {
    if (spinner.isSpinning) spinner.text = line;
    else console.log(line);
  };
  const start = async (): Promise<Platform> => {
    await claimFolder(folder, LEFTOVERS_WITHIN_MS, say);
    if (args.fresh) removeData(folder);
    await requireFree(config.PORT, 'PORT', 'the gateway');
    await requireFree(config.JAEGER_PORT, 'JAEGER_PORT', 'the traces');
    return await startPlatform({
      folder,
      gatewayPort: config.PORT,
      jaegerPort: config.JAEGER_PORT,
      replicas: args.replicas,
      logLevel: config.LOG_LEVEL,
      say,
    });
  };
  const platform = await start().finally(() => spinner.stop());
  writePlatformFile(folder, platform);
  console.log(table(platform.status(), folder));
  if (data.elsewhere) console.log(`Data: ${folder} (you cannot write in ${root})`);
  console.log(`\nTrellis is ready in ${process.uptime().toFixed(1)} s: ${platform.gatewayUrl}\n`);
  console.log(nextSteps(platform));
  endOnSignal(platform, folder);
}

/** All but the mark that this launcher owns the folder. */
function removeData(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== PROCESS_LIST) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function requireFree(port: number, variable: string, what: string): Promise<void> {
  if (port === 0 || (await isFree(port))) return;
  throw new Error(`Port ${port} for ${what} is in use. End what uses it, or set ${variable} to another port (0: any).`);
}

function endOnSignal(platform: Platform, folder: string): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    console.log('\nEnding in order: gateway, services, registry, stand-ins');
    await platform.stop();
    removePlatformFile(folder);
    releaseFolder(folder);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
