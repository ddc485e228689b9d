import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rollOut, rolledOut } from '@trellis/docker';
import { type LoadReport, openLoop } from '@trellis/testing';
import { Agent, request } from 'node:http';
import { type Author, containers, deployment, newAuthor } from './deployment.js';

const PER_SECOND = 25;
/** A part of the requests opens a connection of its own. */
const FRESH = 5;
/** And a part of them writes. */
const WRITES = 7;

describe('docker:rollout of every service under load', () => {
  let author: Author;
  const keepAlive = new Agent({ keepAlive: true, maxSockets: 50 });

  beforeAll(async () => {
    author = await newAuthor();
  });
  afterAll(() => keepAlive.destroy());

  it('replaces every instance, the gateways included, and fails no request', async () => {
    const { compose, project } = deployment;
    const ways = rolledOut(project);
    const ours = async () => (await containers()).filter(({ Service }) => ways.has(Service)).map(({ ID }) => ID);
    const before = await ours();
    const rolled = new AbortController();
    const load = openLoop({ perSecond: PER_SECOND, seconds: 600, signal: rolled.signal, call });
    const start = performance.now();
    try {
      for (const [service, way] of ways) await rollOut(service, way, { compose, say: console.log });
    } finally {
      rolled.abort();
    }
    const report: LoadReport = await load;
    console.log(
      `${before.length} instances replaced in ${((performance.now() - start) / 1000).toFixed(0)} s: ` +
        `${report.sent} requests, ${JSON.stringify(report.outcomes)}; ${report.latencies}`,
    );
    const after = await ours();
    expect(after).toHaveLength(before.length);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(report.outcomes).toEqual({ '200': report.sent });
  });

  /** Reads and writes, over connections that are kept and over new ones. */
  function call(index: number): Promise<string> {
    const write = index % WRITES === 0;
    const path = write ? '/v1/posts' : `/v1/posts/${author.postId}`;
    const headers = { authorization: `Bearer ${author.token}`, ...(write && { 'content-type': 'application/json' }) };
    const agent = index % FRESH === 0 ? false : keepAlive;
    return new Promise((resolve, reject) => {
      const sent = request(deployment.url + path, { method: write ? 'POST' : 'GET', headers, agent, timeout: 15_000 });
      sent.on('timeout', () => sent.destroy(new Error('no answer in 15 s')));
      sent.on('error', reject);
      sent.on('response', (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)));
        response.on('error', reject);
      });
      sent.end(write ? '{"title":"While all is replaced","content":"Nobody notices"}' : undefined);
    });
  }
});
