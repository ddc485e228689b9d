import { Compose, run } from '@trellis/docker';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startShared } from './platform.setup.js';
import { realJaeger } from '../../tools/real/servers.config.js';

const SERVICES = ['gateway', 'registry', 'auth', 'user', 'blog'];

/**
 * The platform, whose spans go to a real collector and from there to a real Jaeger: those of docker/compose.yaml, or the ones
 * that JAEGER_URL and OTLP_URL name.
 */
export default async function setup(_, { globals }) {
  const servers = realJaeger ?? (await startServers());
  const spans = { OTEL_EXPORTER_OTLP_ENDPOINT: servers.otlpUrl };
  await startShared(globals, { extra: Object.fromEntries(SERVICES.map((name) => [name, spans])) });
  globals.trellis = { ...globals.trellis, jaegerUrl: servers.jaegerUrl };
  globals.realJaeger = servers;
}

async function startServers() {
  process.env.COMPOSE_PROJECT_NAME = `trellis-traces-${process.pid}`;
  const compose = new Compose(run, join(import.meta.dirname, 'jaeger.override.yaml'));
  globalThis.traceServers = compose; // for the teardown
  await compose.ask('up', '--detach', '--no-deps', 'collector', 'jaeger', 'prometheus');
  const at = async (service, port) => `http://${(await compose.ask('port', service, `${port}`)).trim()}`;
  await answers(`${await at('collector', 13133)}/`);
  const jaegerUrl = await at('jaeger', 16686);
  await answers(`${jaegerUrl}/api/services`);
  return { jaegerUrl, otlpUrl: await at('collector', 4318), jaegerOtlpUrl: await at('jaeger', 4318), monitored: true };
}

async function answers(url) {
  const end = Date.now() + 30_000;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > end) throw new Error(`${url} answers ${response?.status ?? 'nothing'}`);
    await sleep(200);
  }
}
