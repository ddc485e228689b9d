import { Command } from 'commander';
import pc from 'picocolors';
import { Compose, run } from './compose.js';
import { secretsFolder } from './config.js';
import { imageSizes } from './images.js';
import { publishedUrl, readProject, rolledOut } from './project.js';
import { rollOut } from './rollout.js';
import { makeSecrets } from './secrets.js';

const BASE = 'node:24-bookworm-slim';

const compose = new Compose(run);
const program = new Command('npm run docker:').description('The reference deployment of docker/compose.yaml.');

program
  .command('secrets')
  .description('makes the secrets that are missing')
  .action(() => {
    makeSecrets(secretsFolder());
    console.log(`The secrets are in ${secretsFolder()}`);
  });

program
  .command('build')
  .description('builds the images of our services')
  .action(async () => {
    await compose.build(true);
    const sizes = Object.entries(await imageSizes(compose, await readProject(compose), BASE));
    for (const [image, size] of sizes) console.log(`${image.padEnd(18)} ${size.toFixed(0)} MB above ${BASE}`);
  });

program
  .command('up')
  .description('starts everything, and waits until it is healthy')
  .option('--full', 'Grafana too')
  .action(async ({ full }: { full?: true }) => {
    makeSecrets(secretsFolder());
    await compose.show(...(full ? ['--profile', 'full'] : []), 'up', '--detach', '--wait');
    const project = await readProject(compose);
    const [url, jaeger] = [publishedUrl(project, 'front'), publishedUrl(project, 'jaeger')];
    console.log(`\n${pc.green('Trellis is ready:')} ${url}, traces at ${jaeger}`);
    console.log(`Try: npm run demo -- --url ${url} --jaeger ${jaeger}`);
    console.log('End: docker compose -f docker/compose.yaml down');
  });

program
  .command('rollout [services...]')
  .description('replaces every instance of the services, or of all of ours, one after the other')
  .action(async (names: string[]) => {
    const ways = rolledOut(await readProject(compose));
    const unknown = names.find((name) => !ways.has(name));
    if (unknown !== undefined)
      throw new Error(`${unknown} is not rolled out here. There are: ${[...ways.keys()].join(', ')}`);
    for (const [name, way] of ways) {
      if (names.length === 0 || names.includes(name)) await rollOut(name, way, { compose, say: console.log });
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
