import type { Compose } from './compose.js';
import type { Project } from './project.js';

/** What each image of ours holds above its base, in MB as Docker counts them: 1,000,000 bytes. */
export async function imageSizes(
  compose: Compose,
  { services }: Project,
  base: string,
): Promise<Record<string, number>> {
  const images = Object.values(services).flatMap(({ image, build }) => (build === undefined ? [] : [image]));
  const sizes = (await compose.run(['docker', 'image', 'inspect', '--format', '{{.Size}}', base, ...images]))
    .trim()
    .split('\n')
    .map(Number);
  const [whole = NaN, ...own] = sizes;
  return Object.fromEntries(images.map((image, index) => [image, ((own[index] ?? NaN) - whole) / 1_000_000]));
}
