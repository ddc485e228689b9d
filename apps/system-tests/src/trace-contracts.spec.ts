import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTrace, readTraceContract, traceBreaks, traceContracts } from '@trellis/demo';
import { eventually } from '@trellis/testing';
import { type Person, newPerson } from './people.js';
import { call, platform } from './platform.js';
import { traceStories } from './trace-stories.js';

/** Milliseconds until a consumer's spans have come, and, behind a collector, until it has decided to keep the trace. */
const ARRIVES_WITHIN = 30_000;

const CLAIMED = '0af7651916cd43dd8448eb211c80319c';

describe('the trace of', () => {
  let ada: Person;
  const stories = traceStories(() => ada);
  beforeAll(async () => {
    ada = await newPerson();
  });

  it.each(Object.entries(stories))('%s keeps its contract, from parent to child', async (name, play) => {
    const traceId = await play();
    expect(await traceBreaks(platform.jaegerUrl, traceId, readTraceContract(name), ARRIVES_WITHIN)).toBeUndefined();
  });

  it('every contract is told by a story', () => {
    expect(traceContracts().toSorted()).toEqual(Object.keys(stories).toSorted());
  });

  it('a request that is not as declared is told with what was expected and what is there', async () => {
    const traceId = (await stories['read-post']?.()) ?? '';
    await traceBreaks(platform.jaegerUrl, traceId, readTraceContract('read-post'), ARRIVES_WITHIN);
    const report = await traceBreaks(platform.jaegerUrl, traceId, readTraceContract('change-post'), 0);
    expect(report).toContain('below the root: expected gateway · server PATCH /v1/posts/{post.id}');
    expect(report).toMatch(/There is:\n└─ gateway · GET \/v1\/posts\/\{id\} /);
  });

  it('a stranger begins anew, with a link to what he claims', async () => {
    const traceparent = `00-${CLAIMED}-b7ad6b7169203331-01`;
    const { headers } = await call(`/v1/users/${ada.id}`, { token: ada.token, headers: { traceparent } });
    const traceId = headers.get('x-trace-id') ?? '';
    expect(traceId).not.toBe(CLAIMED);
    const contract = readTraceContract('read-user');
    const linked = { ...contract, root: { ...contract.root, links: 1 } };
    expect(await traceBreaks(platform.jaegerUrl, traceId, linked, ARRIVES_WITHIN)).toBeUndefined();
  });

  it('whoever registers and writes has neither a secret nor a word of his in it', async () => {
    const eve = await newPerson();
    const body = { title: 'A very private title', content: 'Nobody should find this in a trace' };
    const written = await call('/v1/posts', { method: 'POST', token: eve.token, body });
    const traces = await eventually(async () => {
      const ids = [eve.traceId, written.headers.get('x-trace-id') ?? ''];
      const found = await Promise.all(ids.map((id) => readTrace(platform.jaegerUrl, id)));
      expect(found.every((trace) => trace?.spans.some(({ operationName }) => operationName === 'COMMIT'))).toBe(true);
      return JSON.stringify(found);
    }, ARRIVES_WITHIN);
    for (const word of [eve.password, eve.token, eve.username, body.title, body.content]) {
      expect(traces).not.toContain(word);
    }
  });
});
