import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { durationHistogram } from './prepared-histogram.js';
import { meter, metricsHandler } from './metrics.js';
import { startTelemetry } from './start-telemetry.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('a scrape', () => {
  const server = createServer((request, response) => void metricsHandler(request, response));
  let url: string;
  beforeAll(async () => {
    startTelemetry({
      serviceName: 'shop',
      serviceVersion: '1.0.0',
      instanceId: 'shop-1',
      sampleRatio: 0,
      tracesUrl: undefined,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    meter().createCounter('sold', { description: 'Things sold' }).add(3);
    const [gold, tin] = ['gold', 'tin'].map((metal) => durationHistogram('ring.duration').series({ metal }));
    tin?.record(0.02);
    gold?.record(0.2, TRACE);
    gold?.record(60, TRACE);
  });
  afterAll(() => void server.close());

  const scrape = async (accept: string): Promise<[string | null, readonly string[]]> => {
    const response = await fetch(url, { headers: { accept } });
    return [response.headers.get('content-type'), (await response.text()).split('\n')];
  };

  it('of who takes OpenMetrics finds the trace of the newest request in its bucket', async () => {
    const [type, lines] = await scrape('application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3');
    expect(type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const exemplar =
      /^ring_duration_bucket\{metal="gold",le="([^"]+)"\} (\d) # \{trace_id="(\w+)"\} (\S+) (\d+\.?\d*)$/;
    const found = lines.flatMap((line) => {
      const [, le, count, trace, value, at] = exemplar.exec(line) ?? [];
      return le === undefined
        ? []
        : [{ le, count, trace, value, recent: Math.abs(Date.now() / 1_000 - Number(at)) < 60 }];
    });
    expect(found).toEqual([
      { le: '0.25', count: '1', trace: TRACE, value: '0.2', recent: true },
      { le: '+Inf', count: '2', trace: TRACE, value: '60', recent: true },
    ]);
    expect(lines.filter((line) => line.includes('# {'))).toHaveLength(2); // and none where nobody knows a trace
  });

  it('of who takes OpenMetrics names families as it wants them, and ends', async () => {
    const [, lines] = await scrape('application/openmetrics-text');
    expect(lines).toContain('# TYPE sold counter');
    expect(lines).toContain('# HELP sold Things sold');
    expect(lines).toContain('sold_total 3');
    expect(lines.filter((line) => line.startsWith('# UNIT'))).toEqual([]);
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  it('of anybody else gets the older text format', async () => {
    const [type, lines] = await scrape('*/*');
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(lines).toContain('# TYPE sold_total counter');
    expect(lines.filter((line) => line.includes('# {') || line === '# EOF')).toEqual([]);
  });
});
