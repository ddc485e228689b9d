import { z } from 'zod';

/** What a rollout tells while it goes on, one after the other. `instance` is the one to be replaced, `next` the new one. */
export const rolloutEvent = z.discriminatedUnion('step', [
  /** A copy is started out of the way, to see whether this build works, because two cannot run side by side. */
  z.object({ step: z.literal('rehearsing'), instance: z.string(), next: z.string() }),
  z.object({ step: z.literal('starting'), instance: z.string(), next: z.string() }),
  /** It is ready; asked before anybody else asks it. */
  z.object({ step: z.literal('checking'), instance: z.string(), next: z.string() }),
  /** It gets calls, beside the old one. */
  z.object({ step: z.literal('watching'), instance: z.string(), next: z.string() }),
  /** The old one takes no new calls and finishes what it has. */
  z.object({ step: z.literal('draining'), instance: z.string(), next: z.string() }),
  z.object({ step: z.literal('replaced'), instance: z.string(), next: z.string(), seconds: z.number() }),
  /** The new one is gone, the old one stays: nothing more is replaced. */
  z.object({ step: z.literal('rolled-back'), instance: z.string(), next: z.string(), reason: z.string() }),
  /** The end when all went well. */
  z.object({ step: z.literal('done'), replaced: z.number(), seconds: z.number() }),
  /** The end when it did not. `replaced` are those that were before it. */
  z.object({ step: z.literal('failed'), reason: z.string(), replaced: z.array(z.string()) }),
]);

export type RolloutEvent = z.infer<typeof rolloutEvent>;
