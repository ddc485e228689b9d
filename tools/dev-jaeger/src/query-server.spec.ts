import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DevJaeger, startDevJaeger } from './start-dev-jaeger.js';

const TRACE = 'c'.repeat(32);
const EVIL = `"><script>alert('x')</script>`;
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;';

let jaeger: DevJaeger;
beforeAll(async () => {
  jaeger = await startDevJaeger();
});
afterAll(async () => {
  await jaeger.stop();
});

const get = async (path: string, init: RequestInit = {}) => {
  const answer = await fetch(`${jaeger.jaegerUrl}${path}`, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

async function receive(...spans: object[]): Promise<void> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: EVIL } }] };
  await fetch(`${jaeger.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
}

describe('the pages', () => {
  it('say where spans are taken while there are none', async () => {
    expect((await get('/')).text).toContain(`${jaeger.otlpUrl}/v1/traces`);
  });

  it('show the trace in the list and as a waterfall, with what is odd about it', async () => {
    const time = { startTimeUnixNano: `${Date.now()}000000`, endTimeUnixNano: `${Date.now() + 5}000000` };
    await receive(
      { traceId: TRACE, spanId: '1'.repeat(16), name: 'root', ...time },
      {
        traceId: TRACE,
        spanId: '2'.repeat(16),
        parentSpanId: '1'.repeat(16),
        name: 'failing',
        status: { code: 2 },
        ...time,
      },
      { traceId: TRACE, spanId: '3'.repeat(16), parentSpanId: '9'.repeat(16), name: 'lost', ...time },
    );
    const list = await get('/');
    expect(list.text).toContain(`href="/trace/${TRACE}"`);
    expect(list.text).toContain('1 error');
    expect(list.text).toContain('1 orphan');
    const { text } = await get(`/trace/${TRACE}`);
    expect(text.match(/<summary>/g)).toHaveLength(3);
    expect(text).toContain(`Its parent ${'9'.repeat(16)} is not in this trace`);
    expect(text.indexOf('root')).toBeLessThan(text.indexOf('failing'));
  });

  it('escape everything foreign: names, attributes, events and the query itself', async () => {
    const attributes = [{ key: EVIL, value: { stringValue: EVIL } }];
    const events = [{ name: EVIL, attributes }];
    await receive({ traceId: TRACE, spanId: '4'.repeat(16), name: EVIL, attributes, events, traceState: EVIL });
    const query = new URLSearchParams({ service: EVIL, operation: EVIL, tags: EVIL, minDuration: EVIL, limit: EVIL });
    for (const path of ['/', `/trace/${TRACE}`, `/?${query}`, `/trace/${encodeURIComponent(EVIL)}`]) {
      const { text } = await get(path);
      expect(text).not.toContain('<script');
    }
    expect((await get(`/trace/${TRACE}`)).text).toContain(ESCAPED);
  });

  it('run no script and load nothing from elsewhere', async () => {
    const { headers, text } = await get('/');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self';/);
    for (const [, address] of text.matchAll(/(?:href|src)="([^"]*)"/g)) expect(address).toMatch(/^\//);
    for (const [, address = ''] of text.matchAll(/(?:href|src)="(\/assets\/[^"]*)"/g)) {
      expect((await get(address)).status).toBe(200);
    }
  });

  it('name every field and every column', async () => {
    const { text } = await get('/');
    for (const [, id] of text.matchAll(/<(?:input|select)[^>]* id="([^"]*)"/g))
      expect(text).toContain(`<label for="${id}">`);
    expect(text).toContain('<html lang="en">');
    expect(text.match(/<th scope="col"/g)).toHaveLength(5);
  });

  it('find by id, and say when there is nothing', async () => {
    expect((await get(`/trace?id=${TRACE}`)).text).toContain(TRACE);
    expect((await get(`/trace/${'0'.repeat(31)}1`)).status).toBe(404);
    expect((await get('/trace/%')).status).toBe(404);
    expect((await get('/nowhere')).status).toBe(404);
    expect((await get('/assets/../package.json')).status).toBe(404);
    expect((await get('/?minDuration=soon')).text).toContain('unable to parse param &#39;minDuration&#39;');
  });

  it('are read with GET and HEAD only', async () => {
    expect(await get('/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect((await get('/', { method: 'DELETE' })).status).toBe(405);
  });
});
