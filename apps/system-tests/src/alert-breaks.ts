import { setTimeout as pause } from 'node:timers/promises';
import { newPerson, newPost } from './people.js';
import { call, platform } from './platform.js';
import { database } from './platform-database.js';

/** One way to break a platform, and what operators are told of it. */
export interface Break {
  readonly title: string;
  readonly fires: readonly string[];
  /** Returns the way to mend it. */
  now(): Promise<() => Promise<void>>;
}

const pidOf = (name: string): number => {
  const pid = platform.status().find((status) => status.name === name)?.pid;
  if (pid === undefined) throw new Error(`No process ${name}`);
  return pid;
};

/** Stops the processes until they are let go on. */
function freeze(...names: readonly string[]): () => Promise<void> {
  const pids = names.map(pidOf);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return async () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  };
}

/** Does something again and again, so many at once, until it is stopped. */
function keepOn(doing: () => Promise<unknown>, atOnce = 1): () => Promise<void> {
  let stopped = false;
  const one = async (): Promise<void> => {
    while (!stopped) await doing().catch(() => pause(10));
  };
  const all = Array.from({ length: atOnce }, one);
  return async () => {
    stopped = true;
    await Promise.all(all);
  };
}

/** So many readers of one post, each a few times a second at most. */
async function keepReading(atOnce: number): Promise<() => Promise<void>> {
  const ada = await newPerson();
  const post = await newPost(ada);
  return keepOn(async () => {
    await call(`/v1/posts/${post.id}`, { token: ada.token });
    await pause(100);
  }, atOnce);
}

export const BREAKS: readonly Break[] = [
  {
    title: 'an event is written that nobody can read',
    fires: ['EventPutAside'],
    async now() {
      await using blog = await database('blog');
      await blog.query(
        `INSERT INTO outbox (event_id, shard, key, type, payload)
         VALUES (gen_random_uuid(), 0, 'nobody', 'trellis.blog.v1.PostCreated', '\\xffffff')`,
      );
      return async () => undefined;
    },
  },
  {
    title: 'Kafka freezes while an event waits',
    fires: ['OutboxLags'],
    async now() {
      const ada = await newPerson();
      const thaw = freeze('dev-kafka');
      await newPost(ada);
      return thaw;
    },
  },
  {
    title: 'a process gets hardly any time',
    fires: ['EventLoopLate'],
    async now() {
      return keepOn(async () => {
        const thaw = freeze('user-1');
        await pause(400);
        await thaw();
        await pause(200);
      });
    },
  },
  {
    title: 'somebody locks the table of posts again and again while many read',
    fires: ['CallsRefused', 'ConnectionsExhausted', 'RequestsSlow'],
    async now() {
      const stop = await keepReading(100);
      const locker = await database('blog');
      const unlock = keepOn(async () => {
        await locker.query('BEGIN; LOCK TABLE posts IN ACCESS EXCLUSIVE MODE');
        await pause(1_500); // longer than a request should take, and no failure
        await locker.query('COMMIT');
        await pause(50);
      });
      return async () => {
        await unlock();
        await locker[Symbol.asyncDispose]();
        await stop();
      };
    },
  },
  {
    title: 'the table of posts is gone while some read',
    fires: [
      'CircuitOpen',
      'ErrorBudgetBurnsIn10Days',
      'ErrorBudgetBurnsIn2Days',
      'ErrorBudgetBurnsIn30Days',
      'ErrorBudgetBurnsIn5Days',
    ],
    async now() {
      const stop = await keepReading(10);
      const alter = async (change: string): Promise<void> => {
        await using blog = await database('blog');
        await blog.query(change);
      };
      await alter('ALTER TABLE posts RENAME TO posts_away');
      return async () => {
        await alter('ALTER TABLE posts_away RENAME TO posts');
        await stop();
      };
    },
  },
  {
    title: 'every instance of a service is drained',
    fires: ['ServiceHasNoInstance'],
    async now() {
      const blogs = platform.status().filter(({ service }) => service === 'blog');
      const all = (order: string) =>
        Promise.all(blogs.map(({ addresses }) => fetch(`http://${addresses['admin']}/${order}`, { method: 'POST' })));
      await all('drain');
      return async () => void (await all('undrain'));
    },
  },
  {
    title: 'more instances of a service freeze than an accident explains',
    fires: ['EvictionsStopped', 'InstanceUnreachable'],
    async now() {
      const more = ['blog-3', 'blog-4'];
      for (const name of more) await platform.startInstance('blog', name);
      return freeze('blog-1', 'blog-2', ...more);
    },
  },
  {
    title: 'the registry freezes',
    fires: ['RegistryLost'],
    now: async () => freeze('registry'),
  },
];
