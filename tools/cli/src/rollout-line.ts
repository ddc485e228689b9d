import type { RolloutEvent } from '@trellis/launch';
import pc from 'picocolors';

/** What an event of a rollout says to a person. */
export function rolloutLine(event: RolloutEvent): string {
  switch (event.step) {
    case 'rehearsing':
      return `${way(event)}  trying a copy of it, as two cannot run side by side`;
    case 'starting':
      return `${way(event)}  starting, out of rotation`;
    case 'checking':
      return `${way(event)}  ready; asked before anybody else asks it`;
    case 'watching':
      return `${way(event)}  in rotation, watched`;
    case 'draining':
      return `${way(event)}  the old one finishes what it has`;
    case 'replaced':
      return `${way(event)}  ${pc.green('replaced')} in ${event.seconds.toFixed(1)} s`;
    case 'rolled-back':
      return `${way(event)}  ${pc.red('rolled back')}: ${event.instance} runs on. ${event.reason}`;
    case 'done':
      return `${event.replaced} replaced in ${event.seconds.toFixed(1)} s`;
    case 'failed':
      return event.replaced.length === 0
        ? 'Nothing was replaced'
        : `Replaced before that: ${event.replaced.join(', ')}`;
  }
}

const way = ({ instance, next }: { readonly instance: string; readonly next: string }): string =>
  `${instance} → ${next}`.padEnd(26);
