import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DevJaeger, startDevJaeger } from './start-dev-jaeger.js';

const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'GetPost' };
const body = (...spans: object[]) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

let jaeger: DevJaeger;
beforeAll(async () => {
  jaeger = await startDevJaeger();
});
afterAll(async () => {
  await jaeger.stop();
});

async function post(content: RequestInit['body'], headers: Record<string, string> = {}, path = '/v1/traces') {
  const answer = await fetch(`${jaeger.otlpUrl}${path}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

describe('the OTLP receiver', () => {
  it('takes JSON, plain and gzipped, and answers as Jaeger does', async () => {
    const accepted = { status: 200, type: 'application/json', text: '{"partialSuccess":{}}' };
    expect(await post(body(SPAN))).toEqual(accepted);
    expect(await post(gzipSync(body(SPAN)), { 'content-encoding': 'gzip' })).toEqual(accepted);
    expect(await post(body(SPAN), { 'content-type': 'Application/JSON; charset=utf-8' })).toEqual(accepted);
  });

  it('says how many spans it could not use and keeps the others', async () => {
    const { status, text } = await post(body(SPAN, { ...SPAN, spanId: '' }));
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'spans without a usable trace id or span id' },
    });
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['text', 415, 'hello', { 'content-type': 'text/plain' }],
    ['another coding', 415, body(SPAN), { 'content-encoding': 'br' }],
    ['broken JSON', 400, '{"resourceSpans":[', {}],
    ['another type', 400, '{"resourceSpans":"many"}', {}],
    ['ids that are not hex', 400, body({ ...SPAN, traceId: 'zz' }), {}],
    ['broken gzip', 400, 'not gzip', { 'content-encoding': 'gzip' }],
    ['broken protobuf', 400, '\u0007\u0007', { 'content-type': 'application/x-protobuf' }],
  ])('refuses %s with %i', async (_what, status, content, headers) => {
    expect((await post(content, headers)).status).toBe(status);
  });

  it('explains a refusal in the encoding of the request', async () => {
    const refusal = await post('{', {});
    expect(refusal.type).toBe('application/json');
    expect(JSON.parse(refusal.text)).toEqual({ message: expect.stringContaining('not an OTLP trace export') });
    expect((await post('\u0007', { 'content-type': 'application/x-protobuf' })).type).toBe('application/x-protobuf');
  });

  it('refuses a body that is too large, or becomes it', async () => {
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024));
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await post(Buffer.alloc(8 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await post(body(SPAN))).status).toBe(200);
  });

  it('has one path and one method', async () => {
    expect((await post('', {}, '/v1/metrics')).status).toBe(404);
    const got = await fetch(`${jaeger.otlpUrl}/v1/traces`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
