import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Trace, readTrace, request, steadyReads, traceTree, walk } from '@trellis/demo';
import { eventually } from '@trellis/testing';
import { type Person, newPerson, newPost, postCount } from './people.js';
import { at, call, platform, whole } from './platform.js';

/** Of the form that PKCE asks for. */
const PROOF = 'x'.repeat(43);
const BLOGS = ['blog-1', 'blog-2'];

describe('a bad day', () => {
  let ada: Person;
  let postId: string;

  beforeAll(async () => {
    ada = await newPerson();
    postId = (await newPost(ada)).id;
  });
  afterEach(whole, 60_000);

  const read = () => call(`/v1/posts/${postId}`, { token: ada.token });
  const pidOf = (name: string) => platform.status().find((status) => status.name === name)?.pid ?? 0;

  const instanceOf = (name: string) => platform.status().find((status) => status.name === name)?.instance;

  it('one blog instance is killed: no read fails, it is out of rotation at once, and it comes back', async () => {
    const before = pidOf('blog-1');
    const url = `${platform.gatewayUrl}/v1/posts/${postId}`;
    let outAfter = NaN;
    const { sent, failures } = await steadyReads(url, { token: ada.token, perSecond: 20, seconds: 4 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      platform.kill('blog-1', 'SIGKILL');
      const killed = performance.now();
      await eventually(async () => expect(await serving('blog')).toEqual([instanceOf('blog-2')]), 5000, 5); // long before its lease ends
      outAfter = performance.now() - killed;
    });
    console.log(`out of rotation after ${outAfter.toFixed(0)} ms; ${sent} reads, ${failures.length} failed`);
    expect(failures).toEqual([]);
    await whole();
    expect(pidOf('blog-1')).not.toBe(before);
  });

  it('all blog instances are gone: 503 with Retry-After until they are back', async () => {
    for (const name of BLOGS) platform.kill(name, 'SIGKILL');
    const answer = await eventually(async () => {
      const gone = await read();
      expect(gone.status).toBe(503);
      return gone;
    });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    await eventually(async () => expect((await read()).status).toBe(200), 30_000);
  });

  it('one blog instance hangs: no read fails', async () => {
    const pid = pidOf('blog-1');
    const url = `${platform.gatewayUrl}/v1/posts/${postId}`;
    try {
      const { sent, failures } = await steadyReads(url, { token: ada.token, perSecond: 20, seconds: 4 }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        process.kill(pid, 'SIGSTOP');
      });
      console.log(`${sent} reads, ${failures.length} failed`);
      expect(failures).toEqual([]);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('all blog instances hang: 504 at the deadline, or 503 where no connection can be made', async () => {
    const pids = BLOGS.map(pidOf);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      const asked = performance.now();
      const { status } = await read();
      console.log(`${status} after ${(performance.now() - asked).toFixed(0)} ms`);
      expect([503, 504]).toContain(status);
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
    await eventually(async () => expect((await read()).status).toBe(200), 30_000);
  });

  it('the registry is killed: reads go on with the last good list, and it learns everything again', async () => {
    const url = `${platform.gatewayUrl}/v1/posts/${postId}`;
    const { failures } = await steadyReads(url, { token: ada.token, perSecond: 20, seconds: 4 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      platform.kill('registry', 'SIGKILL');
    });
    expect(failures).toEqual([]);
    await eventually(async () => {
      const { body } = await request(`${platform.registryUrl}/v1/services`);
      const found = (at(body, 'services') as { name: string; instances: number }[]).map((s) => [s.name, s.instances]);
      expect(Object.fromEntries(found)).toMatchObject({ auth: 1, blog: 2, gateway: 1, user: 2 });
    }, 30_000);
  });

  it('PostgreSQL is away: 503 with Retry-After from every service that needs it, until it is back', async () => {
    await platform.halt('postgres');
    try {
      const user = () => call(`/v1/users/${ada.id}`, { token: ada.token });
      const code = {
        client_id: 'trellis-cli',
        grant_type: 'authorization_code',
        code: 'unknown',
        code_verifier: PROOF,
      };
      const redeem = () =>
        fetch(`${platform.gatewayUrl}/oauth2/token`, {
          method: 'POST',
          body: new URLSearchParams({ ...code, redirect_uri: 'http://127.0.0.1/callback' }),
        });
      for (const ask of [read, user, redeem]) {
        const answer = await ask();
        expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([503, 1]);
      }
    } finally {
      await platform.resume('postgres');
    }
    await eventually(async () => expect((await read()).status).toBe(200), 30_000);
  });

  it('the broker is killed: no event is lost, and the trace is whole though the relay had to wait', async () => {
    const eve = await newPerson(); // whose earlier events cannot still be on their way
    platform.kill('dev-kafka', 'SIGKILL');
    const { traceId } = await newPost(eve);
    await eventually(async () => expect(await postCount(eve)).toBe(1), 40_000);
    await eventually(() => expectWholeTrace(traceId), 15_000);
  });

  it('the relay dies with its service: the event goes out later, in the same trace', async () => {
    const eve = await newPerson(); // whose earlier events cannot still be on their way
    await platform.halt('dev-kafka');
    const { traceId } = await newPost(eve);
    // What a killed process had not exported yet is lost: wait for the request's part of the trace.
    await eventually(async () => expect(services(await readTrace(platform.jaegerUrl, traceId))).toContain('blog'));
    for (const name of BLOGS) platform.kill(name, 'SIGKILL');
    await platform.resume('dev-kafka');
    await eventually(async () => expect(await postCount(eve)).toBe(1), 40_000);
    await eventually(() => expectWholeTrace(traceId), 15_000);
  });
});

/** Ids of the instances that the registry gives work to. */
async function serving(service: string): Promise<unknown[]> {
  const { body } = await request(`${platform.registryUrl}/v1/services/${service}/instances`);
  const instances = at(body, 'instances') as { id: string; state: string }[];
  return instances.flatMap(({ id, state }) => (state === 'STATE_SERVING' ? [id] : []));
}

const services = (trace: Trace | undefined): string[] =>
  Object.values(trace?.processes ?? {}).map(({ serviceName }) => serviceName);

/** One root, and the consumer's span below the request's. */
async function expectWholeTrace(traceId: string): Promise<void> {
  const trace = await readTrace(platform.jaegerUrl, traceId);
  if (!trace) throw new Error(`no trace ${traceId}`);
  const { roots, orphans } = traceTree(trace);
  expect(walk(roots).some((path) => path.at(-1)?.service === 'user')).toBe(true);
  expect([roots.length, orphans]).toEqual([1, []]);
}
