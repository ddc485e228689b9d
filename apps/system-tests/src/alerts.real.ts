import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { parse, stringify } from 'yaml';
import { BREAKS } from './alert-breaks.js';
import { newPerson, newPost } from './people.js';
import { call, platform, whole } from './platform.js';
import { RealPrometheus, deploymentFile } from './real-prometheus.js';

/** An alert may take as long as the slowest threshold, 30 s of lag, and a few looks. */
const WITHIN_MS = 90_000;

interface Group {
  readonly rules: { for?: string }[];
}

/** The rules as they are, but that none waits to see whether it passes. */
function impatientRules(): string {
  const rules = parse(deploymentFile('prometheus-rules.yaml')) as { groups: Group[] };
  for (const rule of rules.groups.flatMap((group) => group.rules)) if (rule.for !== undefined) rule.for = '1s';
  return stringify(rules);
}

/** What compose's configuration does, for the processes of this platform, each second. */
function configuration(): string {
  const services = platform.status().filter(({ addresses }) => addresses['admin'] !== undefined);
  return stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s', scrape_timeout: '1s' },
    rule_files: ['prometheus-rules.yaml'],
    scrape_configs: [
      {
        job_name: 'services',
        static_configs: services.map(({ service, addresses }) => ({
          targets: [addresses['admin']],
          labels: { service },
        })),
      },
    ],
  });
}

describe('a real Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-prometheus-'));
  chmodSync(folder, 0o777); // whoever it runs as
  let prometheus: RealPrometheus;
  beforeAll(async () => {
    writeFileSync(join(folder, 'prometheus-rules.yaml'), impatientRules());
    writeFileSync(join(folder, 'prometheus.yaml'), configuration());
    prometheus = await RealPrometheus.start(folder);
  }, 60_000);
  afterAll(async () => {
    await prometheus.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('scrapes every service', async () => {
    const services = platform.status().filter(({ addresses }) => addresses['admin'] !== undefined);
    expect(new Set(services.map(({ service }) => service))).toEqual(
      new Set(['registry', 'auth', 'user', 'blog', 'gateway']),
    );
    await eventually(async () => {
      const { activeTargets } = (await prometheus.ask('/api/v1/targets')) as {
        activeTargets: { health: string; lastError: string }[];
      };
      expect(activeTargets.map(({ health, lastError }) => `${health} ${lastError}`)).toEqual(services.map(() => 'up '));
    }, 30_000);
  });

  it('has a trace for what it saw of a request, at the gateway and behind it', async () => {
    const ada = await newPerson();
    const { id, traceId } = await newPost(ada);
    await call(`/v1/posts/${id}`, { token: ada.token });
    const now = Date.now() / 1_000;
    for (const metric of ['http_server_request_duration_bucket', 'rpc_server_call_duration_bucket']) {
      await eventually(async () => {
        const query = `/api/v1/query_exemplars?query=${metric}&start=${now - 60}&end=${now + 60}`;
        const series = (await prometheus.ask(query)) as { exemplars: { labels: { trace_id: string } }[] }[];
        const traces = series.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
        expect(traces).toContain(traceId);
      }, 30_000);
    }
  });

  it('sees no alert while all is well', async () => {
    expect(await prometheus.firing()).toEqual([]);
  });

  it.each(BREAKS.map((each) => [each.title, each] as const))('when %s, tells of it', async (_, { fires, now }) => {
    const mend = await now();
    try {
      await eventually(
        async () => expect(await prometheus.firing()).toEqual(expect.arrayContaining([...fires])),
        WITHIN_MS,
      );
    } finally {
      await mend();
    }
    await whole();
  });
});
