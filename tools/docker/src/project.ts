import { z } from 'zod';
import type { Compose } from './compose.js';

/** How `docker:rollout` replaces the instances of a service: label `trellis.rollout` in compose.yaml. */
const label = z.enum(['beside', 'in-place']);
export type Way = z.infer<typeof label>;

const service = z.object({
  image: z.string(),
  build: z.unknown().optional(),
  labels: z.object({ 'trellis.rollout': label.optional() }).optional(),
  ports: z.array(z.object({ published: z.string().optional(), target: z.number() })).optional(),
});

const schema = z.object({ services: z.record(z.string(), service) });

/** What docker compose makes of the file and its variables. */
export type Project = z.infer<typeof schema>;

export const readProject = async (compose: Compose): Promise<Project> =>
  schema.parse(JSON.parse(await compose.ask('config', '--format', 'json')));

/** Our own services by name, and how each is rolled out. */
export function rolledOut({ services }: Project): ReadonlyMap<string, Way> {
  const ways = Object.entries(services).flatMap(([name, { labels }]) => {
    const way = labels?.['trellis.rollout'];
    return way ? [[name, way] as const] : [];
  });
  return new Map(ways);
}

/** `http://localhost:PORT` of a port that the service publishes. */
export function publishedUrl({ services }: Project, name: string): string {
  const port = services[name]?.ports?.[0]?.published;
  if (port === undefined) throw new Error(`compose.yaml publishes no port of ${name}`);
  return `http://localhost:${port}`;
}
