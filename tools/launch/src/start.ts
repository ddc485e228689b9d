import { rmSync } from 'node:fs';
import ora from 'ora';
import { parseArguments } from './arguments.js';
import { root } from './checkout.js';
import { readConfig } from './config.js';
import { dataFolder } from './data-folder.js';
import { isFree } from './free-port.js';
import { removePlatformFile, runningPlatform, writePlatformFile } from './platform-file.js';
import { type Platform, startPlatform } from './platform.js';
import { nextSteps, table } from './report.js';

/** `npm start`: starts the platform, says what runs where, and keeps it running until Ctrl-C. */
async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  const config = readConfig();
  const data = dataFolder(config.TRELLIS_DATA_DIR);
  const running = runningPlatform(data.path);
  if (running) throw new Error(`Trellis runs already from ${root} (pid ${running.pid}): ${running.gatewayUrl}`);
  await requireFree(config.PORT, 'PORT', 'the gateway');
  await requireFree(config.JAEGER_PORT, 'JAEGER_PORT', 'the traces');
  if (args.fresh) rmSync(data.path, { recursive: true, force: true });
  const { path: folder } = dataFolder(config.TRELLIS_DATA_DIR);
  const spinner = ora({ text: 'Starting', discardStdin: false }).start();
  const say = (line: string) => {
    if (spinner.isSpinning) spinner.text = line;
    else console.log(line);
  };
  const platform = await startPlatform({
    folder,
    gatewayPort: config.PORT,
    jaegerPort: config.JAEGER_PORT,
    replicas: args.replicas,
    logLevel: config.LOG_LEVEL,
    say,
  }).finally(() => spinner.stop());
  writePlatformFile(folder, platform);
  console.log(table(platform.status()));
  if (data.elsewhere) console.log(`Data: ${folder} (you cannot write in ${root})`);
  console.log(`\nTrellis is ready in ${process.uptime().toFixed(1)} s: ${platform.gatewayUrl}\n`);
  console.log(nextSteps(platform));
  endOnSignal(platform, folder);
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
