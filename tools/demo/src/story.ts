import { userToken } from '@trellis/cli';
import { z } from 'zod';
import { request } from './http.js';
import { readTrace } from './jaeger.js';
import { type Narrator, StepFailed } from './narrator.js';
import type { Stage } from './stage.js';
import { steadyReads } from './steady-reads.js';
import { readTraceContract, traceBreaks } from './read-trace-contract.js';
import { drawTree, traceTree } from './trace-tree.js';
import { until } from './until.js';

/** What the steps learn from each other. */
interface Plot {
  readonly username: string;
  readonly password: string;
  userId: string;
  token: string;
  postId: string;
  etag: string;
  traceId: string;
}

export interface Step {
  readonly title: string;
  /** Why the stage cannot play the step; undefined when it can. */
  readonly leftOut?: (stage: Stage) => string | undefined;
  readonly play: (stage: Stage, narrator: Narrator, plot: Plot) => Promise<void>;
}

const User = z.object({ id: z.string(), postCount: z.number().default(0) });
const Post = z.object({ id: z.string(), title: z.string(), authorId: z.string(), etag: z.string() });
const Instances = z.object({
  instances: z.array(z.object({ id: z.string(), state: z.string(), metadata: z.record(z.string(), z.string()) })),
});

export function newPlot(random: string): Plot {
  return {
    username: `ada-${random}`,
    password: `correct horse ${random}`,
    userId: '',
    token: '',
    postId: '',
    etag: '',
    traceId: '',
  };
}

export const STORY: readonly Step[] = [
  {
    title: 'Ada registers',
    async play(_, narrator, plot) {
      const body = { username: plot.username, password: plot.password, email: `${plot.username}@example.org` };
      const answer = await narrator.exchange('/v1/users', 200, { method: 'POST', body });
      plot.userId = User.parse(answer.body).id;
    },
  },
  {
    title: 'She logs in: authorization code with PKCE, through the login page',
    async play(stage, narrator, plot) {
      plot.token = await userToken(stage.gatewayUrl, plot);
      const [, payload = ''] = plot.token.split('.');
      const claims = z
        .object({ sub: z.string(), aud: z.string(), scope: z.string() })
        .parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      narrator.note(`sub ${claims.sub} · aud ${claims.aud} · scope ${claims.scope}`);
      narrator.check(claims.sub === plot.userId, 'the token is hers', claims.sub);
    },
  },
  {
    title: 'She writes a post',
    async play(_, narrator, plot) {
      const body = { title: 'On the Analytical Engine', content: 'It weaves algebraic patterns.' };
      const answer = await narrator.exchange('/v1/posts', 200, { method: 'POST', token: plot.token, body });
      const post = Post.parse(answer.body);
      Object.assign(plot, { postId: post.id, etag: post.etag, traceId: answer.headers.get('x-trace-id') ?? '' });
      narrator.check(post.authorId === plot.userId, 'the author is the token’s user', post.authorId);
    },
  },
  {
    title: 'She reads it, and lists what she wrote',
    async play(_, narrator, { token, postId, userId }) {
      await narrator.exchange(`/v1/posts/${postId}`, 200, { token });
      const answer = await narrator.exchange(`/v1/posts?authorId=${userId}`, 200, { token });
      const { posts } = z.object({ posts: z.array(Post) }).parse(answer.body);
      narrator.check(posts[0]?.id === postId && posts.length === 1, 'her one post is listed', `${posts.length} posts`);
    },
  },
  {
    title: 'She changes it; a second change with the old etag is refused',
    async play(_, narrator, { token, postId, etag }) {
      const change = (title: string) => ({ method: 'PATCH', token, body: { title, etag } });
      await narrator.exchange(`/v1/posts/${postId}`, 200, change('On the Engine'));
      await narrator.exchange(`/v1/posts/${postId}`, 409, change('On another Engine'));
    },
  },
  {
    title: 'A token without the scope is refused, and the answer names the scope',
    async play(stage, narrator, plot) {
      const token = await userToken(stage.gatewayUrl, { ...plot, scope: 'blog:read' });
      const body = { title: 'No', content: 'No' };
      const answer = await narrator.exchange('/v1/posts', 403, { method: 'POST', token, body });
      const text = JSON.stringify(answer.body);
      narrator.check(text.includes('blog:write'), 'the problem names blog:write', text);
    },
  },
  {
    title: 'The event has reached the user service through Kafka',
    async play(stage, narrator, { token, userId }) {
      const seen = await until(10_000, async () => {
        const { body } = await request(`${stage.gatewayUrl}/v1/users/${userId}`, { token });
        return User.parse(body).postCount === 1;
      });
      narrator.check(seen, 'postCount is 1', 'postCount still 0 after 10 s');
      await narrator.exchange(`/v1/users/${userId}`, 200, { token });
    },
  },
  {
    title: 'The whole request is one trace: gateway, blog, SQL, outbox, Kafka, user',
    leftOut: ({ jaegerUrl }) => (jaegerUrl ? undefined : 'the address of the traces is not known: --jaeger URL'),
    async play({ jaegerUrl = '', own }, narrator, { traceId }) {
      const contract = readTraceContract('create-post');
      const broken = await traceBreaks(jaegerUrl, traceId, contract, 15_000);
      if (broken !== undefined) throw new StepFailed(`${broken}\n${jaegerUrl}/trace/${traceId}`);
      const trace = await readTrace(jaegerUrl, traceId);
      if (trace) narrator.note(drawTree(traceTree(trace).roots).join('\n'));
      narrator.check(trace !== undefined, `one root, and every edge of ${contract.name}`, 'none any more');
      if (!own) narrator.note(`${jaegerUrl}/trace/${traceId}`);
    },
  },
  {
    title: 'One blog instance is killed with kill -9 while 20 GETs a second go through',
    leftOut: ({ local, registryUrl }) =>
      local && registryUrl ? undefined : 'the instances are not processes of this machine’s npm start',
    async play({ gatewayUrl, registryUrl = '' }, narrator, { token, postId }) {
      const serving = async () => {
        const { body } = await request(`${registryUrl}/v1/services/blog/instances`);
        return Instances.parse(body).instances.filter(({ state }) => state === 'STATE_SERVING');
      };
      const before = await serving();
      const load = { token, perSecond: 20, seconds: 5 };
      const { sent, failures } = await steadyReads(`${gatewayUrl}/v1/posts/${postId}`, load, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const [victim] = before;
        if (!victim) throw new StepFailed('the registry lists no blog instance');
        process.kill(Number(victim.metadata['pid']), 'SIGKILL');
        narrator.note(`kill -9 ${victim.metadata['pid']} (${victim.id})`);
      });
      narrator.check(
        failures.length === 0,
        `${sent} GETs, none failed`,
        `${failures.length} of ${sent}: ${failures[0]}`,
      );
      const back = await until(20_000, async () => (await serving()).length >= before.length);
      narrator.check(back, `${before.length} instances serve again`, 'still one missing after 20 s');
    },
  },
];
