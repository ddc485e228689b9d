import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DevJaeger, startDevJaeger } from '@trellis/dev-jaeger';
import { eventually } from '@trellis/testing';
import { differences, isObject } from './differences.js';
import { EMPTY_QUESTIONS, SHORT, TRACE, questions, spansOfEveryShape } from './jaeger-questions.js';
import { newPerson, newPost } from './people.js';
import { platform } from './platform.js';

declare global {
  // What jaeger.setup.js has started, or was told of.
  var realJaeger: { readonly jaegerUrl: string; readonly jaegerOtlpUrl: string; readonly monitored?: boolean };
}

/** Where the stand-in is known to answer otherwise, and why that is well. */
const KNOWN: Readonly<Record<string, string>> = {
  'text of an error': 'it says in our words what is wrong',
  'warnings of clock skew': 'all clocks of one machine are one',
  'pages of unknown paths': 'Jaeger answers them with its page, the stand-in with 404',
};

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: unknown;
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const words = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, body: /^[[{]/.test(words) ? (JSON.parse(words) as unknown) : words };
}

type Json = Record<string, unknown>;

/** Without what has no order, no meaning or a reason to differ; the rest is compared as it is. */
function comparable({ status, type, body }: Answer): unknown {
  if (typeof body === 'string') return body.startsWith('<') ? 'a page' : { status, type: type?.split(';')[0], body };
  if (status !== 200) return { status, type, body: withoutWords(body) };
  return { status, type, body: isObject(body) ? { ...withoutWords(body), data: ordered(body['data']) } : body };
}

function withoutWords(body: unknown): Json {
  if (!isObject(body)) return {};
  const errors = Array.isArray(body['errors']) ? body['errors'].map((error: Json) => ({ ...error, msg: '' })) : null;
  return 'errors' in body ? { ...body, errors } : { ...body, message: '', code: 0 };
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Names in alphabetical order, which Jaeger does not keep; traces and spans by their ids, tags by their keys, processes within their spans. */
function ordered(data: unknown): unknown {
  if (!Array.isArray(data)) return data;
  const items = data.some((item) => isObject(item) && 'spans' in item) ? data : data.toSorted(byText);
  return items.map((trace: unknown) => {
    if (!isObject(trace) || !Array.isArray(trace['spans'])) return trace;
    const processes = trace['processes'] as Json;
    const spans = trace['spans'].map((span: Json) => ({
      ...{ ...span, processID: '', warnings: null, process: processes[String(span['processID'])] },
      tags: (span['tags'] as Json[]).toSorted((a, b) => (String(a['key']) < String(b['key']) ? -1 : 1)),
    }));
    const byId = spans.toSorted((a, b) => (String((a as Json)['spanID']) < String((b as Json)['spanID']) ? -1 : 1));
    return { ...trace, spans: byId, processes: Object.values(processes).length };
  });
}

describe('dev-jaeger answers as Jaeger does', () => {
  const { jaegerUrl, jaegerOtlpUrl } = globalThis.realJaeger;
  const start = (Date.now() - 5000) * 1000;
  let dev: DevJaeger;
  const found: string[] = [];

  const compare = async (paths: readonly string[]) => {
    for (const path of paths) {
      const [real, ours] = await Promise.all([ask(jaegerUrl + path), ask(dev.jaegerUrl + path)]);
      if (real.type?.startsWith('text/html')) expect(ours.status).toBe(404);
      else found.push(...differences(comparable(real), comparable(ours), path));
    }
  };

  beforeAll(async () => {
    dev = await startDevJaeger();
  });
  afterAll(async () => {
    console.log(
      [
        `${found.length} differences, Jaeger's answer first${found.length > 0 ? ':' : ''}`,
        ...found,
        'Not compared:',
        ...Object.entries(KNOWN).map(([what, why]) => `${what}: ${why}`),
      ].join('\n'),
    );
    await dev.stop();
  });

  it('while it knows nothing', async () => {
    await compare(EMPTY_QUESTIONS);
    expect(found).toEqual([]);
  });

  it('about spans of every shape that it takes, and those that it does not', async () => {
    const json = { 'content-type': 'application/json' };
    const exports: RequestInit[] = [
      { headers: json, body: JSON.stringify(spansOfEveryShape(start)) },
      { headers: json, body: '{}' },
      { headers: json, body: '{' },
      { headers: { 'content-type': 'text/plain' }, body: 'x' },
      { headers: { 'content-type': 'application/x-protobuf' }, body: '' },
    ];
    for (const [index, one] of exports.entries()) {
      const init = { method: 'POST', ...one };
      const [real, ours] = await Promise.all([jaegerOtlpUrl, dev.otlpUrl].map((url) => ask(`${url}/v1/traces`, init)));
      expect([index, ours?.status]).toEqual([index, real?.status]);
      if (real?.status === 200) expect(ours).toEqual(real);
    }
    await eventually(async () => {
      const [long, short] = await Promise.all([TRACE, SHORT].map((id) => ask(`${jaegerUrl}/api/traces/${id}`)));
      expect([long?.status, short?.status]).toEqual([200, 200]);
    }, 20_000);
    await compare(questions(start));
    expect(found).toEqual([]);
  });
});

describe('the monitor of Jaeger', () => {
  it('has calls, errors and latencies of every service, though few traces are kept', async () => {
    if (globalThis.realJaeger.monitored !== true) {
      console.log('not looked at: the Jaeger of JAEGER_URL may have no metrics');
      return;
    }
    const ada = await newPerson();
    for (let n = 0; n < 5; n += 1) await newPost(ada);
    const metric = async (name: string, service: string): Promise<unknown[]> => {
      const query = new URLSearchParams({ service, groupByOperation: 'true', lookback: '600000', ratePer: '60000' });
      for (const kind of ['server', 'client', 'consumer', 'producer']) query.append('spanKind', kind);
      const { body } = await ask(
        `${globalThis.realJaeger.jaegerUrl}/api/metrics/${name}?${query}&quantile=0.95&step=5000`,
      );
      return (body as { metrics?: unknown[] }).metrics ?? [];
    };
    await eventually(async () => {
      for (const service of ['gateway', 'blog', 'user']) {
        expect(JSON.stringify(await metric('calls', service))).toContain('gaugeValue');
        expect(JSON.stringify(await metric('latencies', service))).toContain('gaugeValue');
      }
      expect(JSON.stringify(await metric('calls', 'blog'))).toContain('trellis.blog.v1.BlogService/CreatePost');
    }, 120_000);
    expect(platform.jaegerUrl).toBe(globalThis.realJaeger.jaegerUrl);
  });
});
