import { request, type Answer, type RequestOptions } from '@trellis/demo';
import type { Platform } from '@trellis/launch';
import { eventually } from '@trellis/testing';

declare global {
  // The platform that platform.setup.js started.
  var trellis: Platform;
}

export const platform = globalThis.trellis;

/** One request to the gateway. */
export const call = (path: string, options?: RequestOptions): Promise<Answer> =>
  request(platform.gatewayUrl + path, options);

/** The member of a JSON answer at a path such as "post", "id". Undefined where there is none. */
export function at(body: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

/** Waits until all processes of the platform run, as a story that broke some must before it ends. */
export async function whole(): Promise<void> {
  await eventually(async () => {
    const missing = platform.status().filter(({ state }) => state !== 'ready');
    if (missing.length > 0) throw new Error(`not ready: ${missing.map(({ name }) => name).join(', ')}`);
    const { status } = await call('/v1/posts');
    if (status !== 401) throw new Error(`the gateway answers ${status} to /v1/posts without a token`);
  }, 40_000);
}
