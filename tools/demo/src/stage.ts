import { type PlatformFile, platformHere, temporaryPlatform } from '@trellis/launch';
import type { Arguments } from './arguments.js';

/** Where the story plays. */
export interface Stage {
  readonly gatewayUrl: string;
  readonly jaegerUrl: string | undefined;
  readonly registryUrl: string | undefined;
  /** Whether the instances are processes of this machine. */
  readonly local: boolean;
  /** Whether it ends with the story. */
  readonly own: boolean;
  readonly close: () => Promise<void>;
}

/** The platform at `--url`, or one of its own on free ports. `say` is told about the progress; `signal` ends a start. */
export async function openStage(
  { url, jaeger, registry }: Arguments,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Stage> {
  if (url === undefined) {
    const platform = await temporaryPlatform({ say, signal });
    return { ...platform, local: true, own: true, close: () => platform.stop() };
  }
  const here = localPlatform(url);
  return {
    gatewayUrl: url,
    jaegerUrl: jaeger ?? here?.jaegerUrl,
    registryUrl: registry ?? here?.registryUrl,
    local: here !== undefined,
    own: false,
    close: () => Promise.resolve(),
  };
}

/** This checkout's running platform, when it is the one at the URL. */
function localPlatform(url: string): PlatformFile | undefined {
  const here = platformHere();
  return here && new URL(here.gatewayUrl).host === new URL(url).host ? here : undefined;
}
