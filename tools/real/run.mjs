/**
 * `npm run test:real [-- NAME]`: checks that not every machine can make, or that take too long for every run. Says what each
 * needs, leaves out what is not there, and fails only when a check that could run did.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { engine, missing } from './docker-images.js';
import { kafkaBrokers, realJaeger } from './servers.config.js';

const root = join(import.meta.dirname, '../..');
const works = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const built = existsSync(join(root, 'apps/system-tests/dist/sim/main.js'));

/** The images of what runs without a profile. */
const CORE = ['POSTGRES', 'KAFKA', 'COLLECTOR', 'JAEGER', 'PROMETHEUS', 'HAPROXY'].map((name) => `${name}_IMAGE`);

const TRACING = ['COLLECTOR_IMAGE', 'JAEGER_IMAGE', 'PROMETHEUS_IMAGE'];

/** An image of docker/.env by its variable. */
const has = (image) => engine && missing(image).length === 0;

/** For a check that starts its servers in containers. */
function inContainers(images, more) {
  const lacking = engine ? missing(...images) : [];
  const pulled = lacking.length > 0 ? ` (docker pull ${lacking.join(' ')})` : '';
  const needs = `a Docker engine with compose and its images${pulled}, \`npm run build\` before, ${more}`;
  return { needs, there: built && engine && lacking.length === 0 };
}

/** Each is `apps/system-tests/jest.NAME.config.js`. A long one runs only by its name. */
const CHECKS = [
  { name: 'compose-file', needs: 'docker with the compose plugin', there: works('docker', 'compose', 'version') },
  { name: 'compose', ...inContainers(CORE, 'and its name (8 minutes)'), long: true },
  {
    name: 'apache-kafka',
    ...(kafkaBrokers === '' ? inContainers(['KAFKA_IMAGE'], 'or KAFKA_BROKERS=host:port') : { there: built }),
  },
  {
    name: 'jaeger',
    ...(realJaeger === undefined ? inContainers(TRACING, 'or JAEGER_URL and OTLP_URL') : { there: built }),
  },
  {
    name: 'alert-rules',
    needs: 'promtool, or docker with the image of Prometheus that docker/.env names',
    there: works('promtool', '--version') || has('PROMETHEUS_IMAGE'),
  },
  {
    name: 'alerts',
    needs: 'Linux, prometheus or docker with its image, `npm run build` before, and its name (2 minutes)',
    there: built && process.platform === 'linux' && (works('prometheus', '--version') || has('PROMETHEUS_IMAGE')),
    long: true,
  },
  {
    name: 'python-service',
    needs: 'python3 and curl, and `npm run build` before',
    there: built && works('python3', '--version') && works('curl', '--version'),
  },
  {
    name: 'gateway-bench',
    needs: 'Linux, `npm run build` before, and to be named (2 minutes)',
    there: built && process.platform === 'linux',
    long: true,
  },
  { name: 'million-requests', needs: '`npm run build` before, and to be named', there: built, long: true },
  { name: 'rolling', needs: '`npm run build` before, and to be named (8 minutes)', there: built, long: true },
  { name: 'registry-outage', needs: '`npm run build` before, and to be named (3 minutes)', there: built, long: true },
];

function run(name) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const config = `apps/system-tests/jest.${name}.config.js`;
  return spawnSync(process.execPath, [...node, jest, '--runInBand', '--config', config], {
    cwd: root,
    stdio: 'inherit',
  });
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !CHECKS.some((check) => check.name === name));
if (unknown !== undefined) {
  console.error(`No check ${unknown}. There are: ${CHECKS.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
for (const { name, needs, there, long = false } of CHECKS) {
  if (names.length > 0 && !names.includes(name)) continue;
  const runs = there && (!long || names.includes(name));
  console.log(runs ? `${name}: runs` : `${name}: left out, it needs ${needs}`);
  if (runs && run(name).status !== 0) process.exitCode = 1;
}
