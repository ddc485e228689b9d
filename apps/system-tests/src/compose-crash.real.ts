import { beforeAll, describe, expect, it } from '@jest/globals';
import { steadyReads } from '@trellis/demo';
import { type Author, type Container, containers, deployment, newAuthor, whole } from './deployment.js';

/** Each of its two steps: all healthy, and an event through. A broker that was killed takes most of the first. */
const BACK_WITHIN_MS = 60_000;

/** Whose end readers notice. Nobody else's may cost a read. */
const NOTICED = ['postgres', 'front'];

describe('each container is killed, one after the other, while 20 reads a second go through', () => {
  let author: Author;

  beforeAll(async () => {
    author = await newAuthor();
  });

  it('is back by itself, and costs reads only where it must', async () => {
    const failedBy: Record<string, number> = {};
    for (const container of await containers()) {
      const { sent, failures, backMs } = await killed(container);
      failedBy[container.Service] = (failedBy[container.Service] ?? 0) + failures.length;
      const kinds = [...new Set(failures)].join(', ');
      console.log(
        `${container.Service.padEnd(11)} ${failures.length} of ${sent} reads failed${kinds && ` (${kinds})`}, all is back after ${(backMs / 1000).toFixed(1)} s`,
      );
    }
    const noticed = Object.entries(failedBy).flatMap(([service, failed]) => (failed > 0 ? [service] : []));
    expect(noticed.filter((service) => !NOTICED.includes(service))).toEqual([]);
  });

  async function killed(container: Container) {
    const url = `${deployment.url}/v1/posts/${author.postId}`;
    const load = { token: author.token, perSecond: 20, seconds: 8 };
    let start = NaN;
    let back = Promise.resolve(NaN);
    const result = await steadyReads(url, load, async () => {
      await crash(container.ID);
      start = performance.now();
      back = whole(BACK_WITHIN_MS).then(() => performance.now() - start);
      back.catch(() => undefined); // looked at when the reads have ended
    });
    return { ...result, backMs: await back };
  }
});

/**
 * Ends its process as the kernel does when memory runs out. `docker kill` would not do: the engine takes that for a person's
 * wish and leaves the container ended. So a process that sees all others sends the signal.
 */
async function crash(id: string): Promise<void> {
  const { run } = deployment.compose;
  const pid = (await run(['docker', 'inspect', '--format', '{{.State.Pid}}', id])).trim();
  const as = ['docker', 'run', '--rm', '--user=0', '--pid=host', '--network=none', 'trellis/gateway'];
  await run([...as, 'node', '-e', `process.kill(${pid}, 'SIGKILL')`]);
}
