import { z } from 'zod';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

const NO_DURATION = 'no duration: write it as 250ms, 2s or 1m';
const NO_SIZE = 'no size: write it as 512KiB or 1MiB';

/** `250ms`, `2s`, `1m`, or a number of milliseconds; read as milliseconds. */
export const duration = z
  .union([z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m)$/, NO_DURATION), z.number()], NO_DURATION)
  .transform((given) => (typeof given === 'number' ? given : valueOf(given, MILLISECONDS)))
  .pipe(z.number().positive('a duration is longer than nothing').max(3_600_000, 'at most an hour (60m)'));

/** `512KiB`, `1MiB`, or a number of bytes; read as bytes. */
export const size = z
  .union([z.string().regex(/^\d+(?:B|KiB|MiB|GiB)$/, NO_SIZE), z.number()], NO_SIZE)
  .transform((given) => (typeof given === 'number' ? given : valueOf(given, BYTES)))
  .pipe(z.int('a size is a whole number of bytes').min(0, 'a size is not negative'));

function valueOf(text: string, units: Readonly<Record<string, number>>): number {
  const [number = '', unit = ''] = text.split(/(?<=\d)(?=[A-Za-z])/);
  return Number(number) * (units[unit] ?? 1);
}
