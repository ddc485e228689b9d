import { describe, expect, it } from '@jest/globals';
import { root } from '@trellis/launch';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly published: string }[];
  readonly read_only?: boolean;
  readonly volumes?: readonly { readonly type: string; readonly target: string }[];
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly deploy?: { readonly replicas?: number };
  readonly healthcheck?: object;
}

/** Of what runs without a profile. */
const MOST_BYTES = 2 * 1024 ** 3;

function project(...options: string[]): { readonly services: Readonly<Record<string, ComposeService>> } {
  const file = join(root, 'docker/compose.yaml');
  return JSON.parse(
    execFileSync('docker', ['compose', '-f', file, ...options, 'config', '--format=json']).toString(),
  ) as ReturnType<typeof project>;
}

describe('docker/compose.yaml', () => {
  const { services } = project();

  it('is accepted by docker compose, with every service and its backing servers', () => {
    const ours = ['auth', 'blog', 'gateway', 'registry', 'user'];
    const servers = ['collector', 'front', 'jaeger', 'kafka', 'postgres', 'prometheus'];
    expect(Object.keys(services).toSorted()).toEqual([...ours, ...servers].toSorted());
    expect(Object.keys(project('--profile', 'full').services)).toContain('grafana');
    expect(ours.map((name) => services[name]?.build?.args['APP'])).toEqual(ours);
  });

  it('publishes the front and the traces, and nothing else', () => {
    const published = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(published.map(([name]) => name).toSorted()).toEqual(['front', 'jaeger']);
  });

  it('limits the memory of each container, all together to less than 2 GB, and starts each again when it ends', () => {
    const all = Object.values(services);
    const sum = all.reduce((bytes, { mem_limit, deploy }) => bytes + Number(mem_limit) * (deploy?.replicas ?? 1), 0);
    console.log(`memory limits: ${(sum / 1024 ** 2).toFixed(0)} MiB`);
    expect(sum).toBeLessThan(MOST_BYTES);
    expect(new Set(all.map(({ restart }) => restart))).toEqual(new Set(['unless-stopped']));
  });

  it('asks each server for its health that has something to ask with', () => {
    const unasked = Object.entries(services).filter(([, { healthcheck, build }]) => !healthcheck && !build);
    expect(unasked.map(([name]) => name)).toEqual(['collector', 'jaeger']);
  });

  it('has every secret in a file and none in the environment', () => {
    const variables = Object.values(services).flatMap(({ environment = {} }) => Object.entries(environment));
    const secret = variables.filter(([name]) => /PASSWORD|SECRET|CREDENTIAL|DATABASE_URL|TOKEN$/.test(name));
    expect(secret.filter(([, value]) => !value.startsWith('/run/secrets/'))).toEqual([]);
    expect(secret.length).toBeGreaterThan(0);
  });

  it('keeps catalogue and lists on volumes, and lets no service of ours write anywhere else', () => {
    const own = Object.entries(services).filter(([, { build }]) => build);
    const kept = own.map(([name, { environment = {}, volumes = [], read_only }]) => {
      const path = environment['REGISTRY_SNAPSHOT_FILE'] ?? environment['DISCOVERY_CACHE_DIR'] ?? '';
      const onVolume = volumes.some(({ type, target }) => type === 'volume' && `${path}/`.startsWith(`${target}/`));
      return [name, onVolume, read_only];
    });
    expect(kept).toEqual(own.map(([name]) => [name, true, true]));
  });

  it('lets the registry verify the access tokens of operators', () => {
    const { ISSUER_URL, JWKS_URL } = services['registry']?.environment ?? {};
    expect([ISSUER_URL, JWKS_URL]).toEqual([services['gateway']?.environment?.['ISSUER_URL'], expect.any(String)]);
  });

  it('pins the version of every image that it does not build', () => {
    const images = Object.values(services).flatMap(({ image, build }) => (build ? [] : [image]));
    expect(images.filter((image) => !/:v?\d+(\.\d+)+$/.test(image))).toEqual([]);
    expect(readFileSync(join(root, 'docker/.env'), 'utf8')).toContain('KAFKA_IMAGE=');
  });
});
