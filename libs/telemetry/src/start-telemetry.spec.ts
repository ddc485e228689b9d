import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { flushTelemetry } from './flush-telemetry.js';
import { inSpan } from './in-span.js';
import { meter, metricsHandler } from './metrics.js';
import { durationHistogram } from './prepared-histogram.js';
import { startTelemetry } from './start-telemetry.js';

const received: { path?: string; type?: string; body: string }[] = [];
let receiver: Server;
let scraped: Server;
let scrapedAt: string;

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
};

beforeAll(async () => {
  receiver = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      received.push({ path: request.url, type: request.headers['content-type'], body });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  scraped = createServer(metricsHandler);
  scrapedAt = await listen(scraped);
  const url = await listen(receiver);
  const base = { serviceName: 'blog', serviceVersion: '1.2.3', instanceId: 'blog-1', sampleRatio: 1 };
  startTelemetry({ ...base, tracesUrl: `${url}/v1/traces` });
});

afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  scraped.closeAllConnections();
  scraped.close();
});

describe('telemetry over a socket', () => {
  it('exports spans as protobuf with the resource, soon and by itself', async () => {
    await inSpan('create post', {}, async () => undefined);
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({ path: '/v1/traces', type: 'application/x-protobuf' });
    for (const part of ['create post', 'service.name', 'blog', '1.2.3', 'blog-1'])
      expect(received[0]?.body).toContain(part);
  });

  it('exports at once when asked to', async () => {
    received.length = 0;
    await inSpan('last words', {}, async () => undefined);
    await flushTelemetry();
    expect(received).toHaveLength(1);
  });

  it('answers a scrape in the text format', async () => {
    meter().createCounter('posts_created', { description: 'Posts written' }).add(2, { tenant: 'a' });
    const answer = await fetch(scrapedAt);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('posts_created_total{tenant="a"} 2');
    expect(text).toContain('service_name="blog"');
  });

  it('scrapes prepared histograms too', async () => {
    const histogram = durationHistogram('blog.request.duration', 'Of requests');
    const series = histogram.series({ route: '/a', status: 200 });
    for (const seconds of [0.001, 0.005, 0.02, 99]) series.record(seconds);
    expect(histogram.series({ status: 200, route: '/a' })).toBe(series);
    const text = await (await fetch(scrapedAt)).text();
    expect(text).toContain('# HELP blog_request_duration Of requests');
    expect(text).toContain('# TYPE blog_request_duration histogram');
    for (const [le, count] of [
      ['0.005', 2],
      ['0.01', 2],
      ['0.025', 3],
      ['10', 3],
      ['+Inf', 4],
    ]) {
      expect(text).toContain(`blog_request_duration_bucket{route="/a",status="200",le="${le}"} ${count}`);
    }
    expect(text).toMatch(/blog_request_duration_count\{route="\/a",status="200"\} 4/);
    expect(text).toMatch(/blog_request_duration_sum\{route="\/a",status="200"\} 99\.026/);
  });
});
