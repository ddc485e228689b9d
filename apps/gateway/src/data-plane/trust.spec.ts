import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind, TraceFlags } from '@opentelemetry/api';
import { attribute } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { eventually } from '@trellis/testing';
import { BlogBackend } from './blog-backend.fixture.js';
import { authAt, blogAt } from './instances.fixture.js';
import { TestGateway } from './test-gateway.fixture.js';

const spans = recordSpans();
const gateway = new TestGateway();
const blog = new BlogBackend();
const folder = mkdtempSync(join(tmpdir(), 'trellis-'));
const secretFile = join(folder, 'secret');
const SECRET = 'open sesame, and be quick about it';
const FORCE = `tracing: { force: { header: X-Debug-Trace, secretFile: ${secretFile} } }`;
const TRUSTING = `trusted: [127.0.0.0/8]\n${FORCE}`;
const NOBODY = FORCE;

/** What the service behind has seen last. */
let seen: IncomingHttpHeaders = {};
let service: Server;

beforeAll(async () => {
  writeFileSync(secretFile, `${SECRET}\n`);
  service = createServer((request, response) => {
    seen = request.headers;
    response.end();
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  await gateway.start({ file: NOBODY, sampleRatio: 0 });
  await blog.start({ p1: { id: 'p1', title: 'First' } });
  gateway.directory.set(authAt(`127.0.0.1:${(service.address() as AddressInfo).port}`), blogAt(blog.address));
});
afterEach(() => spans.reset());
afterAll(async () => {
  await gateway.stop();
  blog.stop();
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true });
});

async function ask(file: string, headers: Record<string, string>): Promise<Headers> {
  gateway.use(file);
  return (await gateway.fetch('/oauth2/x', { headers })).headers;
}

const root = () =>
  eventually(() => {
    const span = spans.getFinishedSpans().find(({ kind }) => kind === SpanKind.SERVER);
    if (!span) throw new Error('no span yet');
    return span;
  });

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const recorded = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'vendor=1' };
const unrecorded = { traceparent: `00-${TRACE}-${SPAN}-00` };

describe('the trace of a trusted client', () => {
  it('goes on, state and all', async () => {
    expect((await ask(TRUSTING, recorded)).get('x-trace-id')).toBe(TRACE);
    const span = await root();
    expect([span.spanContext().traceId, span.parentSpanContext?.spanId]).toEqual([TRACE, SPAN]);
    expect(seen['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!${SPAN})[0-9a-f]{16}-01$`));
    expect(seen['tracestate']).toBe('vendor=1');
  });

  it('goes on unrecorded when that one has decided so, at the price of no span', async () => {
    expect((await ask(TRUSTING, unrecorded)).get('x-trace-id')).toBe(TRACE);
    expect(seen['traceparent']).toBe(unrecorded.traceparent);
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it.each<Record<string, string>>([
    { b3: `${TRACE}-${SPAN}-1` },
    { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' },
  ])('may come as %j, and W3C’s goes on', async (headers) => {
    expect((await ask(TRUSTING, headers)).get('x-trace-id')).toBe(TRACE);
    expect((await root()).parentSpanContext?.spanId).toBe(SPAN);
    expect(seen['traceparent']).toContain(TRACE);
    for (const name of Object.keys(headers)) expect(seen).not.toHaveProperty(name);
  });

  it('may leave the decision to the gateway', async () => {
    await ask(TRUSTING, { b3: `${TRACE}-${SPAN}` });
    expect(seen['traceparent']).toBe(unrecorded.traceparent);
  });
});

describe('the trace of anybody else', () => {
  it('is a new one, and nothing of theirs goes on', async () => {
    const baggage = { baggage: 'user=admin', 'uber-trace-id': `${TRACE}:${SPAN}:0:1`, X_B3_TraceId: TRACE };
    const answer = await ask(NOBODY, { ...recorded, ...baggage, b3: `${TRACE}-${SPAN}-1` });
    expect(answer.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify([answer.get('x-trace-id'), seen])).not.toContain(TRACE);
    for (const name of ['tracestate', 'baggage', 'b3', 'uber-trace-id']) expect(seen).not.toHaveProperty(name);
    expect(seen['traceparent']).toMatch(/-00$/);
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it('that is recorded after all has a link to the ids that they claim', async () => {
    await ask(NOBODY, { ...recorded, 'x-debug-trace': SECRET });
    const { links, parentSpanContext } = await root();
    expect(parentSpanContext).toBeUndefined();
    expect(links.map(({ context }) => context)).toEqual([
      { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.SAMPLED },
    ]);
  });
});

describe('the header that forces recording', () => {
  it('does so with the secret, which nobody else gets to see', async () => {
    for (const file of [NOBODY, TRUSTING]) {
      await ask(file, { ...unrecorded, 'x-debug-trace': SECRET });
      expect((await root()).attributes).toMatchObject({ [attribute.urlPath]: '/oauth2/x' });
      expect(seen['traceparent']).toMatch(/-01$/);
      expect(JSON.stringify([seen, gateway.log])).not.toContain(SECRET);
      spans.reset();
    }
  });

  it('does nothing without', async () => {
    for (const guess of ['', SECRET.slice(1), `${SECRET}x`]) await ask(NOBODY, { 'x-debug-trace': guess });
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it('is refused in a file whose secret is missing or can be guessed', () => {
    const short = join(folder, 'short');
    writeFileSync(short, 'sesame\n');
    const use = (file: string) => () => gateway.use(`tracing: { force: { header: x-t, secretFile: ${file} } }`);
    expect(use(join(folder, 'none'))).toThrow(/^gateway\.yaml:1 tracing\.force\.secretFile: .*none cannot be read$/);
    expect(use(short)).toThrow(/too short: give it 16 characters$/);
  });
});

describe('what else a client says', () => {
  const ids = { 'x-request-id': 'r-1', 'x-correlation-id': 'order-7' };

  it('of ids is kept when it is trusted: in the answer and for the service', async () => {
    const answer = await ask(TRUSTING, ids);
    expect([answer.get('x-request-id'), answer.get('x-correlation-id')]).toEqual(['r-1', 'order-7']);
    expect(seen).toMatchObject(ids);
    const bad = await ask(TRUSTING, { 'x-request-id': 'a b', 'x-correlation-id': 'x'.repeat(129) });
    expect(bad.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect([bad.get('x-correlation-id'), seen['x-correlation-id']]).toEqual([null, undefined]);
  });

  it('of ids is kept for the methods of contracts too', async () => {
    gateway.use(TRUSTING);
    const { status } = await gateway.fetch('/v1/posts/p1', { headers: ids });
    expect([status, blog.calls.at(-1)?.metadata.getMap()]).toMatchObject([200, ids]);
  });

  it('of ids is not kept otherwise', async () => {
    const answer = await ask(NOBODY, ids);
    expect(answer.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.get('x-correlation-id')).toBeNull();
    expect(seen['x-request-id']).toBe(answer.get('x-request-id'));
    expect(seen).not.toHaveProperty('x-correlation-id');
  });

  it('of addresses and schemes is told in spans when it is trusted', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-debug-trace': SECRET };
    await ask(TRUSTING, headers);
    expect((await root()).attributes).toMatchObject({
      [attribute.clientAddress]: '203.0.113.7',
      [attribute.urlScheme]: 'https',
    });
    spans.reset();
    await ask(NOBODY, headers);
    expect((await root()).attributes).toMatchObject({
      [attribute.clientAddress]: '127.0.0.1',
      [attribute.urlScheme]: 'http',
    });
  });
});
