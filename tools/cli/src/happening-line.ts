import pc from 'picocolors';
import { type Happening, stateName } from './live-list.js';

const COLOUR: Readonly<Record<Happening['what'], (text: string) => string>> = {
  listed: pc.dim,
  joined: pc.green,
  changed: pc.yellow,
  left: pc.red,
  missing: pc.yellow,
};

/** "12:03:04.512  left     blog-1      SERVING      session lost" */
export function happeningLine({ what, instance, why }: Happening, at: Date): string {
  const state = stateName(instance.state);
  const columns = [clock(at), COLOUR[what](what.padEnd(7)), instance.id.padEnd(16), state.padEnd(11), why];
  return columns.join('  ').trimEnd();
}

/** Time of day to the millisecond, where we are. */
function clock(at: Date): string {
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
