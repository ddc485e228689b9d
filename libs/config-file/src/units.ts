import { z } from 'zod';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 };

/** `250ms`, `2s`, `1m`, or a number of milliseconds; read as milliseconds. */
export const duration = z
  .union([z.string(), z.number()])
  .transform((given, context) => {
    if (typeof given === 'number') return given;
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(given) ?? [];
    if (digits !== undefined) return Number(digits) * (MILLISECONDS[unit] ?? 1);
    context.addIssue({ code: 'custom', message: 'no duration: write it as 250ms, 2s or 1m' });
    return z.NEVER;
  })
  .pipe(z.number().positive('a duration is longer than nothing').max(3_600_000, 'at most an hour (60m)'));

/** `512KiB`, `1MiB`, or a number of bytes; read as bytes. */
export const size = z
  .union([z.string(), z.number()])
  .transform((given, context) => {
    if (typeof given === 'number') return given;
    const [, digits, unit = ''] = /^(\d+)(B|KiB|MiB|GiB)$/.exec(given) ?? [];
    if (digits !== undefined) return Number(digits) * (BYTES[unit] ?? 1);
    context.addIssue({ code: 'custom', message: 'no size: write it as 512KiB or 1MiB' });
    return z.NEVER;
  })
  .pipe(z.int('a size is a whole number of bytes').min(0, 'a size is not negative'));
